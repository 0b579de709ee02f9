import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { mapMember, mapObjects } from './fields.ts';

/** Turns one object into the words of a revision. */
export type Encode = (revision: string, object: JsonObject) => JsonObject;

/** Encodes the object in a member, or each object of the list in it. */
/* @__NO_SIDE_EFFECTS__ */
export function eachIn(member: string, encode: Encode): Encode {
  return (revision, object) =>
    mapMember(object, member, (value: JsonValue) =>
      isJsonObject(value) ? encode(revision, value) : mapObjects(value, (item) => encode(revision, item)),
    );
}
