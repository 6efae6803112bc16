import type { Construct } from 'constructs';

/** The context flag that says which emulator a stack is for: `-c emulator=ministack`. */
const EMULATOR_CONTEXT = 'emulator';
/** The context flag that says where the functions find Route 53: `-c route53Endpoint=http://127.0.0.1:4580`. */
const ROUTE53_CONTEXT = 'route53Endpoint';

/**
 * True where the stack is for an emulator of AWS, which cannot do all of it. Composite alarms and alarms on
 * metric math (which fail the deployment), tracing and questions over DNS are left out there, and asserted on the template instead.
 */
export function isEmulated(scope: Construct): boolean {
  return scope.node.tryGetContext(EMULATOR_CONTEXT) !== undefined;
}

/**
 * What the functions of an emulated stack have in their environment in addition: the SDK's own variable for an endpoint
 * of Route 53 alone, if one is given. An emulator whose Route 53 is none, as LocalStack's (docs/adr/0050-independent-emulators.md),
 * leaves it to another.
 *
 * @throws Error for an endpoint without an emulator: functions in AWS talk to AWS.
 */
export function emulatedEndpoints(scope: Construct): Readonly<Record<string, string>> {
  const endpoint: unknown = scope.node.tryGetContext(ROUTE53_CONTEXT);
  if (endpoint === undefined) return {};
  if (!isEmulated(scope))
    throw new Error(
      `-c ${ROUTE53_CONTEXT} is for a stack on an emulator: leave it out, or give -c ${EMULATOR_CONTEXT}=NAME too.`,
    );
  return { AWS_ENDPOINT_URL_ROUTE_53: String(endpoint) };
}
