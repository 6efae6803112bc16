import { Duration, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { RoleName } from '../roles.ts';
import { ROLES, settingName } from '../roles.ts';
import type { EventAnchors } from './event-anchors.ts';
import type { CommonSetting, RoleFunctionProps } from './role-function.ts';
import { RoleFunction } from './role-function.ts';

export interface HeraldProps extends Pick<RoleFunctionProps, CommonSetting> {
  /** The functions that it may wake, by role. */
  readonly functions: Readonly<Record<RoleName, readonly LambdaFunction[]>>;
  /** The name of the ledger's table. */
  readonly ledger: string;
  /** Where it tells of events; absent: nowhere. */
  readonly bus: IEventBus | undefined;
  /** Where it keeps their hashes; absent: nowhere. */
  readonly anchors: EventAnchors | undefined;
  /** Runs at once that are reserved for it; absent: none. */
  readonly concurrency: number | undefined;
}

/** Wakes the roles that follow the log, and tells its events. */
export function heraldFunction(scope: Construct, props: HeraldProps): LambdaFunction {
  const { functions, ledger, bus, anchors, ...common } = props;
  const stack = Stack.of(scope);
  const woken = ROLES.filter(({ news }) => news.length > 0);
  const names = woken.map((role) => {
    const [only, ...others] = functions[role.name].map(({ functionName }) => functionName);
    return [settingName(role), role.redundant ? [only, ...others] : only] as const;
  });
  return new RoleFunction(scope, 'Herald', {
    entry: 'herald',
    role: 'herald',
    timeout: Duration.seconds(30),
    ...common,
    statements: [
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: woken.flatMap(({ name }) => functions[name].map(({ functionArn }) => functionArn)),
      }),
      ...(bus === undefined
        ? []
        : [new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] })]),
    ],
    policies: [],
    unscoped: [],
    asksForChanges: false,
    environment: {
      PAWL_TABLE: ledger,
      PAWL_FUNCTIONS: stack.toJsonString(Object.fromEntries(names)),
      ...(bus === undefined ? {} : { PAWL_EVENT_BUS: bus.eventBusArn, PAWL_STACK: stack.stackName }),
      ...(anchors === undefined ? {} : { PAWL_ANCHORS: anchors.bucket.bucketName }),
    },
  }).function;
}
