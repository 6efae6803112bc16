import type { Construct } from 'constructs';

/** The context flag that says which emulator a stack is for: `-c emulator=ministack`. */
const EMULATOR_CONTEXT = 'emulator';

/**
 * True where the stack is for an emulator of AWS, which cannot do all of it. Composite alarms (which fail the
 * deployment), tracing and questions over DNS are left out there, and asserted on the template instead.
 */
export function isEmulated(scope: Construct): boolean {
  return scope.node.tryGetContext(EMULATOR_CONTEXT) !== undefined;
}
