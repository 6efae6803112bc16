/** Credentials or Region are missing, so that nothing can be asked. The message is one sentence. */
export class NoAwsAccess extends Error {
  override readonly name = 'NoAwsAccess';
}

/** The stack is missing, is still being made, or is not one of Pawl's. The message is one sentence. */
export class StackUnusable extends Error {
  override readonly name = 'StackUnusable';
}
