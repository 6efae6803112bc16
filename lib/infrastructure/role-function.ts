import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Role, ServicePrincipal, PolicyStatement as Statement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { emulatedEndpoints, isEmulated } from './emulation.ts';
import type { FunctionName } from './function-code.ts';
import { functionOf } from './function-code.ts';
import { CHANGE_WILDCARD } from './zone-permissions.ts';

export interface RoleFunctionProps {
  /** The file in functions/, without its ending. */
  readonly entry: FunctionName;
  /** Who this is in events, fences and logs: `enactor-b`. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The whole time of one run. */
  readonly timeout: Duration;
  /** How often a run that failed is tried again, 0 to 2. @default 1 */
  readonly retries?: number;
  /** Runs at once that are reserved: one a cell. Undefined: none, the account's concurrency is shared. */
  readonly concurrency: number | undefined;
  readonly statements: readonly PolicyStatement[];
  /** What it may do beside the statements, shared with the other functions of its role. */
  readonly policies: readonly IManagedPolicy[];
  /** Why some of its actions name no resource, one reason for each kind of action. */
  readonly unscoped: readonly string[];
  /** Whether it asks Route 53 how its changes are doing. */
  readonly asksForChanges: boolean;
  /** The queue for events for which no run could be made, or whose run failed. */
  readonly deadLetters: IQueue;
  readonly logRetention: RetentionDays;
  /** Whether X-Ray traces its runs. */
  readonly tracing: boolean;
  /** The variables by which its metrics are exported; none where they are not. */
  readonly exporting: Readonly<Record<string, string>>;
}

/** What all functions of a stack have alike. */
export type CommonSetting = 'deadLetters' | 'logRetention' | 'tracing' | 'exporting';

/** A function that imports the SDK, zod and Powertools starts no faster with more memory, and slower with less. */
const MEMORY_MB = 512;
/**
 * An event waits so long for its place behind other runs, and a run that failed is tried again once, a minute later: what
 * becomes a dead letter either failed twice or found no place for an hour. What is out of date by then ends at once, as
 * an outcome of its own (docs/adr/0051-nobody-waits-for-insync.md).
 */
const EVENT_AGE = Duration.hours(1);
const RETRIES = 1;

/** One role as a function: bundled with everything it imports, with a role, a log group and one run at a time a cell. */
export class RoleFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: RoleFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      // What a function said is evidence for as long as `logDays`, also when the stack is gone; it goes with a
      // deployment that never came about.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const traced = props.tracing && !isEmulated(this);
    this.function = functionOf(this, 'Function', props.entry, {
      description: `Pawl: ${props.role}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: props.timeout,
      role: executionRole(this, props, logGroup, traced),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: traced ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      retryAttempts: props.retries ?? RETRIES,
      maxEventAge: EVENT_AGE,
      onFailure: new SqsDestination(props.deadLetters),
      environment: {
        ...props.environment,
        ...props.exporting,
        ...emulatedEndpoints(this),
        PAWL_ROLE: props.role,
        POWERTOOLS_SERVICE_NAME: props.role,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        POWERTOOLS_TRACE_ENABLED: String(traced),
      },
    });
  }
}

/** No managed policy of AWS: a function may write into its own log group, and send traces, beside what its role needs. */
function executionRole(
  scope: Construct,
  props: RoleFunctionProps,
  logGroup: LogGroup,
  traced: boolean,
): Role {
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [...props.policies],
  });
  role.addToPolicy(
    new Statement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroup.logGroupArn}`],
    }),
  );
  for (const statement of props.statements) role.addToPolicy(statement);
  for (const acknowledgement of acknowledgements(props, traced))
    Validations.of(role).acknowledge(acknowledgement);
  return role;
}

/** Every wildcard that a role may have, and why it cannot be said more narrowly. */
function acknowledgements({ unscoped, asksForChanges }: RoleFunctionProps, traced: boolean) {
  const onEverything = [...(traced ? ['X-Ray takes no resource in its actions'] : []), ...unscoped];
  return [
    ...(onEverything.length === 0
      ? []
      : [{ id: 'AwsSolutions-IAM5[Resource::*]', reason: `${onEverything.join('; ')}.` }]),
    ...(asksForChanges ? [CHANGE_WILDCARD] : []),
  ];
}
