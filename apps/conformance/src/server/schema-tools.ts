import type { JsonObject } from '@trunkline/protocol';
import { text, tool, type FixtureTool } from './tool.ts';

/** A schema with every kind of keyword that must come through unchanged. */
const INPUT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
} as const satisfies JsonObject | object;

/** Tools that are about their schema. */
export const schemaTools: readonly FixtureTool[] = [
  {
    definition: {
      name: 'json_schema_2020_12_tool',
      description: 'Has a schema with many keywords',
      inputSchema: INPUT as unknown as { type: 'object' },
    },
    call: (args) => text(JSON.stringify(args)),
  },
  tool(
    'test_x_mcp_header',
    'Has an argument that the envelope repeats',
    ({ region }) => text(`region ${String(region)}`),
    {
      region: { type: 'string', 'x-mcp-header': 'Region' },
    },
  ),
];
