import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');
const EVENTBRIDGE = new ServicePrincipal('events.amazonaws.com');

/**
 * The key that the alarm topic and the queue of dead letters are encrypted with, if the deployment wants one.
 *
 * CloudWatch publishes to an encrypted topic only where the key's own policy lets it ("Encrypting an Amazon SNS topic",
 * SNS Developer Guide). Pawl writes that into a key that it makes, and cannot write it into one that it is given: the
 * policy of that key must allow cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*. Rules of EventBridge need
 * the same for their topics and dead letters, where the deployment has any.
 */
export function messageKey(
  scope: Construct,
  { messageKey: setting, notify }: Pick<Deployment, 'messageKey' | 'notify'>,
): IKey | undefined {
  if (setting === 'none') return undefined;
  if (setting !== 'made') return Key.fromKeyArn(scope, 'MessageKey', setting);
  const key = new Key(scope, 'MessageKey', {
    description: 'Pawl: alarms and dead letters',
    enableKeyRotation: true,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [CLOUDWATCH, ...(Object.values(notify).flat().length === 0 ? [] : [EVENTBRIDGE])],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  return key;
}

export interface AlarmTopicProps {
  readonly key: IKey | undefined;
  readonly mail: readonly string[];
}

/** Where every alarm is published: by CloudWatch for alarms of this account, and over TLS alone. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { key, mail }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      enforceSSL: true,
      ...(key === undefined ? {} : { masterKey: key }),
    });
    const { account, region, partition } = Stack.of(this);
    // A topic's own policy takes the place of the default one, which would let the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [CLOUDWATCH],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
    for (const address of mail) this.topic.addSubscription(new EmailSubscription(address));
  }
}
