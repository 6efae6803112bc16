import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
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
const WINDOW = Duration.minutes(1);

/**
 * Invokes one function for every cell of the stack, by a schedule for each cell. All liveness rests on these
 * invocations: no hint is needed. The schedules are spread over a window of a minute, so that functions of one role do
 * not race for the same fence at the same moment (docs/adr/0020-hints-and-sweeps.md).
 */
export class Sweeps extends Construct {
  constructor(scope: Construct, id: string, { role, target, cells, every, deadLetters }: SweepsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const invoker = new Role(this, 'Role', { assumedBy: schedulerOf(stack) });
    deadLetters.encryptionMasterKey?.grantEncryptDecrypt(invoker);
    const { logicalId } = stack.resolve({ logicalId: stack.getLogicalId(elementOf(target)) });
    Validations.of(invoker).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`,
      reason: 'The versions and aliases of the one function that is named.',
    });
    for (const cell of cells) {
      new Schedule(this, cell, {
        description: `Pawl: ${role} looks at ${cell}`,
        schedule: ScheduleExpression.rate(every),
        timeWindow: TimeWindow.flexible(WINDOW),
        target: new LambdaInvoke(target, {
          role: invoker,
          input: ScheduleTargetInput.fromObject({ cell, mode: 'sweep' }),
          deadLetterQueue: deadLetters,
          // The next sweep is as good as another try of this one.
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      });
    }
  }
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
