import type { Tool } from '@trunkline/protocol';
import manyKeywords from './many-keywords.json' with { type: 'json' };
import { text, tool, type FixtureTool } from './tool.ts';

/** Tools that are about their schema. */
export const schemaTools: readonly FixtureTool[] = [
  {
    definition: {
      name: 'json_schema_2020_12_tool',
      description: 'Has a schema with many keywords',
      inputSchema: manyKeywords as Tool['inputSchema'],
    },
    call: (args) => text(JSON.stringify(args)),
  },
  tool(
    'test_x_mcp_header',
    'Has an argument that the envelope repeats',
    ({ region }) => text(`region ${JSON.stringify(region)}`),
    { region: { type: 'string', 'x-mcp-header': 'Region' } },
  ),
];
