import { createHash } from 'node:crypto';
import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { CommonSetting, RoleFunctionProps } from './role-function.ts';
import { RoleFunction } from './role-function.ts';
import { cellWatches, LEDGER_WATCHES, TRAIL_WATCHES } from './watches.ts';

export interface BakeProps extends Pick<RoleFunctionProps, CommonSetting> {
  /** The function that has new code before all others. */
  readonly first: RoleFunction;
  /** Everything that changes when the first one has stood the test. */
  readonly others: readonly IConstruct[];
  /** The name of the ledger's table. */
  readonly ledger: string;
  readonly deployment: Deployment;
}

/** The longest run of a function (Lambda quotas); the deployment bounds the bake well below it. */
const LONGEST_RUN = Duration.minutes(15);
/** When CloudFormation gives up: two runs, because Lambda repeats one that broke off, and the minute between them. */
const ANSWER_WITHIN = Duration.minutes(32);

/**
 * Holds an update back while new code runs in one enactor: a custom resource that depends on the first enactor, and on
 * which every other function and every alarm depend. CloudFormation asks it only when the first enactor's code or configuration changes,
 * and takes the whole stack back when it fails (docs/adr/0057-one-enactor-first.md).
 */
export class Bake extends Construct {
  /** What the last bake found, in a sentence. */
  readonly said: string;

  constructor(scope: Construct, id: string, { first, others, ledger, deployment, ...common }: BakeProps) {
    super(scope, id);
    const { stackId, stackName } = Stack.of(this);
    const watcher = new RoleFunction(this, 'Watcher', {
      entry: 'bake',
      role: 'bake',
      timeout: LONGEST_RUN,
      ...common,
      // It runs in deployments alone.
      concurrency: undefined,
      statements: [
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stackId] }),
        new PolicyStatement({
          actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
          resources: ['*'],
        }),
      ],
      policies: [],
      unscoped: ['CloudWatch takes no resource when alarms are asked for by a prefix, or for metrics'],
      asksForChanges: false,
      environment: {
        PAWL_TABLE: ledger,
        PAWL_BAKE_SECONDS: String(deployment.bakeSeconds),
        PAWL_ALARM_PREFIX: `${stackName}.`,
        PAWL_ROOT_ALARMS: rootAlarms(deployment),
        PAWL_FIRST_ENACTOR: first.function.functionName,
      },
    });
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::PawlBake',
      serviceToken: watcher.function.functionArn,
      serviceTimeout: ANSWER_WITHIN,
      properties: {
        Code: digestOf(first, ({ code, runtime, handler }) => [code, runtime, handler]),
        Configuration: digestOf(first, ({ environment, memorySize, timeout }) => [
          environment,
          memorySize,
          timeout,
        ]),
      },
    });
    resource.node.addDependency(first);
    // Their permissions too: old code keeps what it was made for.
    for (const each of others) each.node.addDependency(resource);
    this.said = resource.getAttString('Said');
  }
}

/** The last parts of the names of every root cause alarm. */
function rootAlarms(settings: Deployment): string {
  const ofTrail = settings.trail === undefined ? [] : [TRAIL_WATCHES];
  const ids = [LEDGER_WATCHES, ...ofTrail, cellWatches(settings)].flatMap(({ roots }) =>
    roots.map(({ id }) => id),
  );
  return [...new Set(ids)].join(',');
}

/** A digest of some of a function, made when everything of it is known. It changes exactly when the template does there. */
function digestOf(of: RoleFunction, parts: (resource: CfnFunction) => readonly unknown[]): string {
  const resource = of.function.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new TypeError(`${of.node.path} is no function`);
  return Lazy.string({
    produce: () => {
      const text = JSON.stringify(Stack.of(of).resolve(parts(resource)));
      return createHash('sha256').update(text).digest('hex');
    },
  });
}
