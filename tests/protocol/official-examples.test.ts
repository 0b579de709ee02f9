import { LATEST } from '@trunkline/protocol';
import { schemasOf } from '@trunkline/protocol/schemas';
import type { Schema } from '@trunkline/protocol/schemas';
import { describe, expect, test } from 'vitest';
import { missingShared, officialExamples, officialSchema } from '../src/official-schema.ts';

const revision = LATEST.modern;
const examples = officialExamples(revision);
const named = new Map<string, Schema<unknown>>(
  Object.entries({ ...schemasOf(revision)?.types, ...schemasOf(revision)?.messages } as Record<
    string,
    Schema<unknown>
  >),
);

/**
 * Lacks the caching hints that `ReadResourceResult` requires; the official schema lets it pass because it takes any object
 * with a `resultType` for an `InputRequiredResult`.
 */
const defective = 'ReadResourceResultResponse/read-resource-result-response.json';

describe.skipIf(missingShared)(
  `the official examples of ${revision}${missingShared ? `: ${missingShared}` : ''}`,
  () => {
    test('are all here', () => {
      expect(examples).toHaveLength(129);
    });

    test.each(examples)(
      '$type/$file is valid for both schemas and passes unchanged',
      ({ type, file, value }) => {
        expect(officialSchema(revision)?.validate(type, value)).toEqual([]);
        const parsed = named.get(type)?.safeParse(value);
        if (`${type}/${file}` === defective) {
          expect(JSON.stringify(parsed?.error?.issues)).toContain('ttlMs');
        } else {
          expect(parsed).toEqual({ success: true, data: value });
        }
      },
    );
  },
);
