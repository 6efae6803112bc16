import { InvalidValue } from './invariant.ts';

/** A value in a JSON document and its path, for a sentence about it. */
export interface Place {
  readonly value: unknown;
  readonly key: string | number;
  readonly within?: Place;
}

/** Something in a document is not what it must be. */
export class NotAsExpected extends Error {
  override readonly name = 'NotAsExpected';
  /** `endpoints[2].leaves[0].weight`; empty for the document itself. */
  readonly path: string;

  constructor(place: Place, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = pathOf(place);
  }
}

const CLIP_CHARS = 60;

/** The document itself. */
export function documentPlace(value: unknown): Place {
  return { value, key: '' };
}

/**
 * The fields of an object: every required one, any optional one, and no other.
 *
 * @throws NotAsExpected as every function here does.
 */
export function fields<R extends string, O extends string = never>(
  place: Place,
  required: readonly R[],
  optional: readonly O[] = [],
): Readonly<Record<R, Place>> & Readonly<Partial<Record<O, Place>>> {
  const { value } = place;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new NotAsExpected(place, `An object is needed here, not ${shown(value)}.`);
  }
  const known: readonly string[] = [...required, ...optional];
  const found: Record<string, Place> = {};
  for (const [key, field] of Object.entries(value)) {
    if (!known.includes(key)) {
      throw new NotAsExpected(place, `The key ${shown(key)} is not known; known are ${known.join(', ')}.`);
    }
    found[key] = { value: field, key, within: place };
  }
  for (const key of required) {
    if (!Object.hasOwn(found, key)) throw new NotAsExpected(place, `The key "${key}" is missing.`);
  }
  return found as Record<R, Place> & Partial<Record<O, Place>>;
}

/** The items of an array of `min` to `max` items. */
export function items(place: Place, min: number, max: number): readonly Place[] {
  const { value } = place;
  if (!Array.isArray(value)) throw new NotAsExpected(place, `A list is needed here, not ${shown(value)}.`);
  if (value.length < min || value.length > max) {
    throw new NotAsExpected(
      place,
      `A list of ${min} to ${max} items is needed here, not of ${value.length}.`,
    );
  }
  return value.map((item: unknown, key) => ({ value: item, key, within: place }));
}

/** A text of 1 to `max` characters without control characters. */
export function text(place: Place, max: number): string {
  const { value } = place;
  if (typeof value !== 'string')
    throw new NotAsExpected(place, `A text is needed here, not ${shown(value)}.`);
  // Half a surrogate pair cannot be written as UTF-8: it would come back as another character.
  if (value.length < 1 || value.length > max || /\p{Cc}/u.test(value) || !value.isWellFormed()) {
    throw new NotAsExpected(place, `1 to ${max} plain characters are needed here, not ${shown(value)}.`);
  }
  return value;
}

/** A whole number from `min` to `max`. */
export function integer(place: Place, min: number, max: number): number {
  const { value } = place;
  if (
    typeof value !== 'number' ||
    !Number.isSafeInteger(value) ||
    value < min ||
    value > max ||
    Object.is(value, -0)
  ) {
    throw new NotAsExpected(
      place,
      `A whole number from ${min} to ${max} is needed here, not ${shown(value)}.`,
    );
  }
  return value;
}

/** A number from `min` to `max`. */
export function quantity(place: Place, min: number, max: number): number {
  const { value } = place;
  if (typeof value !== 'number' || !(value >= min && value <= max) || Object.is(value, -0)) {
    throw new NotAsExpected(place, `A number from ${min} to ${max} is needed here, not ${shown(value)}.`);
  }
  return value;
}

export function flag(place: Place): boolean {
  const { value } = place;
  if (typeof value !== 'boolean')
    throw new NotAsExpected(place, `true or false is needed here, not ${shown(value)}.`);
  return value;
}

/** One of some words. */
export function word<W extends string>(place: Place, words: readonly W[]): W {
  const found = words.find((each) => each === place.value);
  if (found === undefined) {
    throw new NotAsExpected(place, `One of ${words.join(', ')} is needed here, not ${shown(place.value)}.`);
  }
  return found;
}

/** The result of another module's constructor; its InvalidValue is thrown again with the place. */
export function made<T>(place: Place, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvalidValue) throw refusedAt(place, error);
    throw error;
  }
}

function refusedAt(place: Place, cause: InvalidValue): NotAsExpected {
  return new NotAsExpected(place, cause.message, { cause });
}

/** A value as a sentence can hold it, clipped. */
export function shown(value: unknown): string {
  // Objects are not written out: one that is nested a million deep would exhaust the stack.
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'an object';
  const all = JSON.stringify(value) ?? 'nothing';
  return all.length > CLIP_CHARS ? `${all.slice(0, CLIP_CHARS - 3).toWellFormed()}...` : all;
}

function pathOf({ key, within }: Place): string {
  if (within === undefined) return '';
  const before = pathOf(within);
  if (typeof key === 'number') return `${before}[${key}]`;
  return before === '' ? key : `${before}.${key}`;
}
