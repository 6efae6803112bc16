import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface SweepsProps {
  readonly role: string;
  readonly target: IFunction;
  readonly cells: readonly string[];
  readonly every: Duration;
  readonly deadLetters: IQueue;
}

/** The shortest window that EventBridge Scheduler spreads its invocations over. */
export const WINDOW = TimeWindow.flexible(Duration.minutes(1));
/** How long, and how often, Scheduler tries to hand an event to Lambda. */
const EVENT_AGE = Duration.minutes(2);
const RETRIES = 10;

/**
 * Invokes one function for every cell of the stack, by a schedule for each cell. All liveness rests on these
 * invocations: no hint is needed. The schedules are spread over a window of a minute, so that functions of one role do
 * not race for the same fence at the same moment (docs/adr/0020-hints-and-sweeps.md).
 */
export class Sweeps extends Construct {
  constructor(scope: Construct, id: string, { role, target, cells, every, deadLetters }: SweepsProps) {
    super(scope, id);
    const invoker = schedulerRole(this, 'Role', { target, deadLetters });
    for (const cell of cells) {
      new Schedule(this, cell, {
        description: `Pawl: ${role} looks at ${cell}`,
        schedule: ScheduleExpression.rate(every),
        timeWindow: WINDOW,
        target: functionTarget(target, {
          role: invoker,
          input: ScheduleTargetInput.fromObject({ cell, mode: 'sweep', at: ContextAttribute.scheduledTime }),
          deadLetters,
        }),
      });
    }
  }
}

/** What a schedule invokes, and what it does when nobody takes its event. */
export function functionTarget(
  target: IFunction,
  {
    role,
    input,
    deadLetters,
  }: { readonly role: IRole; readonly input: ScheduleTargetInput; readonly deadLetters: IQueue },
): LambdaInvoke {
  return new LambdaInvoke(target, {
    ...{ role, input },
    deadLetterQueue: deadLetters,
    // A moment in which Lambda takes nothing is no dead letter; one that lasts until the sweep is out of date is.
    retryAttempts: RETRIES,
    maxEventAge: EVENT_AGE,
  });
}

/** The role by which schedules invoke one function. */
export function schedulerRole(
  scope: Construct,
  id: string,
  { target, deadLetters }: Pick<SweepsProps, 'target' | 'deadLetters'>,
): Role {
  const stack = Stack.of(scope);
  const invoker = new Role(scope, id, { assumedBy: schedulerOf(stack) });
  deadLetters.encryptionMasterKey?.grantEncryptDecrypt(invoker);
  const { logicalId } = stack.resolve({ logicalId: stack.getLogicalId(elementOf(target)) });
  Validations.of(invoker).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`,
    reason: 'The versions and aliases of the one function that is named.',
  });
  return invoker;
}

/**
 * EventBridge Scheduler, on behalf of this account's schedules alone ("Cross-service confused deputy prevention",
 * EventBridge Scheduler User Guide: the source is the group of the schedule).
 */
function schedulerOf(stack: Stack): ServicePrincipal {
  const group = stack.formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
  });
  return new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
  });
}

function elementOf(target: IFunction): CfnElement {
  const element = target.node.defaultChild;
  if (!CfnElement.isCfnElement(element))
    throw new Error('The target of a sweep is a function of this stack.');
  return element;
}
