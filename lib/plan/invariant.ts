/**
 * A statement that must hold did not: a bug in Pawl (or memory gone bad), never a user's mistake.
 * Code that catches it must not go on writing.
 */
export class InvariantViolated extends Error {
  override readonly name = 'InvariantViolated';
}

/**
 * Asserts what must hold whatever the input was.
 *
 * @throws InvariantViolated with `message` when `condition` is false.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolated(message);
}

/** A value from a person or another system is invalid. Its message is one sentence: what, where, what to do. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}
