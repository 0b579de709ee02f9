export { transportCompliance, complianceReport, type Finding, type Runner } from './suite.ts';
export type { Can, Capabilities, Link, Setup } from './link.ts';
export { saboteurs } from './saboteurs.ts';
export type { Saboteur } from './saboteur.ts';
export type { Case } from './case.ts';
