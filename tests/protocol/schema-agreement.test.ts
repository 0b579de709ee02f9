import { REVISIONS } from '@trunkline/protocol';
import { schemasOf } from '@trunkline/protocol/schemas';
import type { Schema } from '@trunkline/protocol/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingShared, officialSchema } from '../src/official-schema.ts';
import { damaged, sampleOf } from '../src/schema-samples.ts';

/**
 * Ours asks for what the text asks for and the published schema does not: the literal kind, and one of the two members. The
 * published schema takes any result for this one, also where it is one of two.
 */
const stricter = [
  'InputRequiredResult',
  'CallToolResultResponse',
  'GetPromptResultResponse',
  'ReadResourceResultResponse',
];

/** Groups of members and choices of messages, which are no shape of their own on the wire. */
const grouping =
  /^(Annotated|BaseMetadata|CacheableResult|Cursor|EmptyResult|Icons|JSON(Array|Object|Value|RPC(Error|Response))|MetaObject|Notification|Paginated(Request|Result)|ProgressToken|Request|Resource(Contents|Reference|RequestParams)|ResultType|(Client|Server)(Notification|Request|Result)|SubscriptionsListenResultMetaObject|TaskAugmentedRequestParams)$/;

describe.skipIf(missingShared).each(REVISIONS)(
  `our schemas and the official ones of $date${missingShared ? `: ${missingShared}` : ''}`,
  ({ date, batches }) => {
    const official = officialSchema(date);
    const schemas = schemasOf(date);
    const ours = new Map<string, Schema<unknown> | undefined>(
      Object.entries({ ...schemas?.types, ...schemas?.messages }),
    );
    const theirs = Object.entries(official?.types ?? {});
    const named = theirs.map(([type]) => type).filter((type) => !grouping.test(type));
    // Until 2025-06-18 a published request is its method and params only.
    const whole = theirs.filter(
      ([type, { properties }]) => !/(Request|Notification)$/.test(type) || properties?.['jsonrpc'],
    );
    // Where there are batches, the published message may be one; ours is never.
    const apart = batches ? [...stricter, 'JSONRPCMessage'] : stricter;
    const shared = whole.map(([type]) => type).filter((type) => ours.get(type) && !apart.includes(type));

    test('name the same types', () => {
      expect(named.filter((type) => !ours.get(type))).toEqual([]);
    });

    test.each(shared)('judge %s alike', (type) => {
      if (!official) throw new Error('skipped without the official schema');
      const sample = sampleOf(official.types, type);
      const verdicts = (value: unknown): [unknown, boolean, boolean] => [
        value,
        official.validate(type, value).length === 0,
        ours.get(type)?.safeParse(value).success ?? false,
      ];
      fc.assert(
        fc.property(sample, (value) => {
          expect(verdicts(value)).toEqual([value, true, true]);
        }),
        { numRuns: 30 },
      );
      fc.assert(
        fc.property(damaged(sample), (value) => {
          const [, verdict] = verdicts(value);
          expect(verdicts(value)).toEqual([value, verdict, verdict]);
        }),
        { numRuns: 30 },
      );
    });
  },
);
