import {
  clientCodecOf,
  isJsonObject,
  isRemoteError,
  LATEST,
  REVISIONS,
  serverCodecOf,
} from '@trunkline/protocol';
import type { JsonObject } from '@trunkline/protocol';
import { schemasOf } from '@trunkline/protocol/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingShared, officialSchema } from '../src/official-schema.ts';
import { sampleOf } from '../src/schema-samples.ts';

const modernTypes = officialSchema(LATEST.modern)?.types ?? {};
/** What a handler may return or ask: everything that the newest revision can say. */
const neutral = (type: string): fc.Arbitrary<JsonObject> =>
  sampleOf(modernTypes, type).map((value) => {
    const { resultType: _resultType, _meta, ...rest } = value as JsonObject;
    return rest;
  });

const results: [method: string, type: string][] = [
  ['tools/list', 'ListToolsResult'],
  ['tools/call', 'CallToolResult'],
  ['prompts/list', 'ListPromptsResult'],
  ['prompts/get', 'GetPromptResult'],
  ['resources/list', 'ListResourcesResult'],
  ['resources/templates/list', 'ListResourceTemplatesResult'],
  ['resources/read', 'ReadResourceResult'],
  ['completion/complete', 'CompleteResult'],
  ['sampling/createMessage', 'CreateMessageResult'],
  ['roots/list', 'ListRootsResult'],
];

const requests: [method: string, type: string][] = [
  ['tools/list', 'PaginatedRequestParams'],
  ['tools/call', 'CallToolRequestParams'],
  ['prompts/get', 'GetPromptRequestParams'],
  ['resources/read', 'ReadResourceRequestParams'],
  ['completion/complete', 'CompleteRequestParams'],
];

const questions: [method: string, type: string][] = [
  ['elicitation/create', 'ElicitRequestParams'],
  ['sampling/createMessage', 'CreateMessageRequestParams'],
];

const serverInfo = {
  name: 'server',
  title: 'Server',
  version: '1',
  icons: [{ src: 'https://example.com/a.png' }],
};
const jsonrpc = '2.0';

describe.skipIf(missingShared).each(REVISIONS)(
  `what the codec writes for $date${missingShared ? `: ${missingShared}` : ''}`,
  ({ date, era }) => {
    const codec = { ...clientCodecOf(era), ...serverCodecOf(era) };
    const official = officialSchema(date);
    const complaints = (message: JsonObject, from: 'client' | 'server', answers?: string): unknown =>
      official?.validateMessage(message, from, answers);

    const answering = results.filter(([, type]) => official?.has(type) && officialAnswer(type));
    function officialAnswer(type: string): boolean {
      return era === 'legacy' || !['CreateMessageResult', 'ListRootsResult'].includes(type);
    }

    test.each(answering)('as the result of %s is valid', (method, type) => {
      const from = ['sampling/createMessage', 'roots/list'].includes(method) ? 'client' : 'server';
      fc.assert(
        fc.property(neutral(type), (value) => {
          const result = codec.encodeResult(method, value, { revision: date, serverInfo });
          expect(complaints({ jsonrpc, id: 1, result }, from, method)).toEqual([]);
          const schemas = schemasOf(date);
          const ours = { ...schemas?.clientRequests, ...schemas?.serverRequests } as Record<
            string,
            { result: { safeParse(v: unknown): unknown } }
          >;
          expect(ours[method]?.result.safeParse(result)).toMatchObject({ success: true });
          expect(codec.decodeResult(method, result)).toMatchObject({ kind: 'complete' });
        }),
        { numRuns: 60 },
      );
    });

    test.each(requests)('as the params of %s is valid', (method, type) => {
      const envelope = { revision: date, clientCapabilities: { elicitation: {} }, clientInfo: serverInfo };
      fc.assert(
        fc.property(neutral(type), (value) => {
          const params = codec.encodeParams(method, value, envelope);
          expect(complaints({ jsonrpc, id: 1, method, ...(params && { params }) }, 'client')).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });

    test.each(questions)('as the question %s is valid, or refused', (method, type) => {
      fc.assert(
        fc.property(neutral(type), (value) => {
          let params: JsonObject;
          try {
            params = codec.encodeInputRequest(method, value, { revision: date });
          } catch (error) {
            expect(isRemoteError(error) && error.code).toBe(-32021);
            return;
          }
          const judged =
            era === 'legacy'
              ? complaints({ jsonrpc, id: 1, method, params }, 'server')
              : official?.validate('InputRequest', { method, params });
          expect(judged).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });

    test('as the result of opening is valid', () => {
      const capabilities = { tools: { listChanged: true }, extensions: { 'com.example/x': {} } };
      const value: JsonObject =
        era === 'modern'
          ? { supportedVersions: [date], capabilities }
          : {
              protocolVersion: date,
              capabilities,
              serverInfo: { ...serverInfo, description: 'd', websiteUrl: 'https://a.b' },
            };
      const method = era === 'modern' ? 'server/discover' : 'initialize';
      const result = codec.encodeResult(method, value, { revision: date, serverInfo });
      expect(complaints({ jsonrpc, id: 1, result }, 'server', method)).toEqual([]);
      expect(isJsonObject(result['capabilities'])).toBe(true);
    });
  },
);
