import { InvalidValue } from './invariant.ts';

declare const brand: unique symbol;

/** A plan's number in its cell: 1 or more, one more for every plan, never reused, never lowered. */
export type Generation = number & { readonly [brand]: 'Generation' };
/** A write's number at a cell's fence: 1 or more, one more for every advance. */
export type Seq = number & { readonly [brand]: 'Seq' };

/** A fence whose generation is further than this above the ledger's is malformed: counting cannot have reached it. */
export const MAX_GENERATIONS_AHEAD = 1_000_000;

/** @throws InvalidValue when `value` is not an integer from 1 to 2^53-1. */
export function generation(value: number): Generation {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidValue(`${value} is not a generation: use 1 or more.`);
  return value as Generation;
}

/** @throws InvalidValue when `value` is not an integer from 1 to 2^53-1. */
export function seq(value: number): Seq {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidValue(`${value} is not a fence sequence: use 1 or more.`);
  return value as Seq;
}

/** The generation after the highest of those given. */
export function nextGeneration(...seen: readonly number[]): Generation {
  return generation(Math.max(0, ...seen) + 1);
}

/** The seq after the highest of those given. */
export function nextSeq(...seen: readonly number[]): Seq {
  return seq(Math.max(0, ...seen) + 1);
}
