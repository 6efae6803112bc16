import { z } from 'zod';
import { MAX_ADDRESSES_A_TARGET } from './bounds.ts';

// The parts of a fleet file's shape.
// There are no transforms here, so that z.toJSONSchema gives editors the same shape.
// Every error text is a noun phrase that completes "use …" or "add …" (shape-mistakes.ts makes the sentence);
// for unknown keys it lists the known ones, separated by spaces.

const MAX_TEXT = 255;

/** Numbers as people read them. */
export const GROUPED = new Intl.NumberFormat('en-US');

export function integer(min: number, max: number, what: string, fallback?: number) {
  const error = `${what} from ${GROUPED.format(min)} to ${GROUPED.format(max)}`;
  const about = fallback === undefined ? { description: error } : { description: error, default: fallback };
  return z.int({ error }).min(min, { error }).max(max, { error }).meta(about);
}

export function text(what: string, max = MAX_TEXT) {
  return z
    .string({ error: what })
    .min(1, { error: what })
    .max(max, { error: what })
    .meta({ description: what });
}

export function pattern(shape: RegExp, what: string) {
  return z.string({ error: what }).regex(shape, { error: what }).meta({ description: what });
}

export function strictMap<Shape extends z.ZodRawShape>(shape: Shape, what: string) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : what) });
}

export function mapOf<Key extends z.ZodString, Value extends z.ZodType>(
  key: Key,
  keyPhrase: string,
  value: Value,
  what: string,
) {
  return z.record(key, value, { error: (issue) => (issue.code === 'invalid_key' ? keyPhrase : what) });
}

export function oneOrList(item: z.ZodString, what: string) {
  const error = `${what}, or a list of 1 to ${MAX_ADDRESSES_A_TARGET} of them`;
  return z
    .union([item, z.array(item, { error }).min(1, { error }).max(MAX_ADDRESSES_A_TARGET, { error })], {
      error,
    })
    .meta({ description: error });
}
