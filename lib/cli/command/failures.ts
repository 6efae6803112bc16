/** The input of a person, typed or in a file, is invalid. The message is one sentence: what, where, what to do. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  /** Further lines, such as one for each mistake of a file. */
  readonly details: readonly string[];

  constructor(message: string, options: ErrorOptions & { readonly details?: readonly string[] } = {}) {
    super(message, options);
    this.details = options.details ?? [];
  }
}

/** The request is valid, and the present state does not allow it. Nothing was changed, unless the message says what was. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** It is not known whether the action was done. The message says what to do next. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
}

/** There is no world to connect to. */
export class NoWorld extends Error {
  override readonly name = 'NoWorld';
}

/** The code that the system gave an error, such as `ENOENT`; undefined for an error that is not the system's. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** The outcome of every workflow of an operator. */
type Outcome =
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unknown'; readonly reason: string };

/**
 * The outcome of a workflow that was done.
 *
 * @throws Refused, UnknownOutcome for the other two outcomes.
 */
export function done<T extends Outcome>(outcome: T): Extract<T, { type: 'done' }> {
  if (outcome.type === 'refused') throw new Refused(outcome.reason);
  if (outcome.type === 'unknown') throw new UnknownOutcome(outcome.reason);
  return outcome as Extract<T, { type: 'done' }>;
}
