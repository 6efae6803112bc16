import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

/** The bus that a deployment names; undefined for none. */
export function eventBusOf(scope: Construct, setting: string): IEventBus | undefined {
  if (setting === 'none') return undefined;
  const isArn = setting.startsWith('arn:') || setting.startsWith('${Token[');
  return isArn
    ? EventBus.fromEventBusArn(scope, 'EventBus', setting)
    : EventBus.fromEventBusArn(
        scope,
        'EventBus',
        Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: setting }),
      );
}
