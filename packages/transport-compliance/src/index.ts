export { transportCompliance, complianceReport, type Finding, type Runner } from './suite.ts';
export type { Can, Capabilities, Link, Setup } from './link.ts';
