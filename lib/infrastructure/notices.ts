import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { TOLD_SOURCE } from '../events/told-kinds.ts';
import { isEmulated } from './emulation.ts';
import type { NoticeEvents, Notified, NotifiedWebhook } from './notify-settings.ts';
import type { RoleFunctionProps } from './role-function.ts';
import { RoleFunction } from './role-function.ts';
import { WEBHOOK_RUNS } from './runs-at-once.ts';

export interface NoticesProps extends Pick<RoleFunctionProps, 'logRetention' | 'tracing' | 'exporting'> {
  readonly bus: IEventBus;
  readonly notify: Notified;
  /** What a topic that is made here is encrypted with, if anything. */
  readonly key: IKey | undefined;
  /** For what no target took. */
  readonly deadLetters: Queue;
  /** The name of the ledger's table, under which a webhook's failures count. */
  readonly ledger: string;
  /** Whether runs at once are reserved. */
  readonly reserved: boolean;
}

/** EventBridge offers an event to a target for so long, and Lambda keeps one for a run. */
const OFFERED_FOR = Duration.hours(1);
/** Lambda's most for an asynchronous invocation ("Configuring error handling settings", Lambda Developer Guide). */
const WEBHOOK_RETRIES = 2;
/** Three tries of five seconds, with their waits and the reading of the secret. */
const WEBHOOK_TIMEOUT = Duration.seconds(40);

/**
 * Who is told of this stack's events: a rule on the bus for each, which chooses by the kind. No safety rests on any of
 * it; what a target does not take is a dead letter (docs/adr/0080-events-leave-by-the-herald.md).
 */
export class Notices extends Construct {
  readonly #props: NoticesProps;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    this.#props = props;
    const { topics, slack, webhooks } = props.notify;
    for (const [index, { topic, events }] of topics.entries()) this.topic(index + 1, topic, events);
    // An emulator knows no chat.
    if (!isEmulated(this)) for (const [index, each] of slack.entries()) this.slack(index + 1, each);
    for (const [index, each] of webhooks.entries()) this.webhook(`Webhook${index + 1}`, each);
  }

  /** The whole event as it is on the bus. */
  private topic(number: number, topic: string, events: NoticeEvents): void {
    const id = `Topic${number}`;
    if (topic !== 'made') {
      this.rule(id, events, topic);
      return;
    }
    const made = this.madeTopic(id);
    this.rule(id, events, made.topicArn, undefined, made);
    new CfnOutput(this, `${id}Arn`, {
      value: made.topicArn,
      description: 'Events are told here: subscribe to it.',
    }).overrideLogicalId(`NoticeTopic${number}`);
  }

  /** A message as the chat shows it, field by field: a text that is put together here would have to be escaped here. */
  private slack(number: number, { workspaceId, channelId, events }: Notified['slack'][number]): void {
    const id = `Slack${number}`;
    const topic = this.madeTopic(id);
    const input = RuleTargetInput.fromObject({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: EventField.detailType,
        description: EventField.fromPath('$.detail.summary'),
        nextSteps: [EventField.fromPath('$.detail.next')],
        keywords: [EventField.fromPath('$.detail.stack'), EventField.fromPath('$.detail.cell')],
      },
    });
    this.rule(id, events, topic.topicArn, input, topic);
    new SlackChannelConfiguration(this, `${id}Channel`, {
      slackChannelConfigurationName: `${Stack.of(this).stackName}-${number}`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: [topic],
      // Whoever is in the channel reads; without this they could be given more.
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')],
    });
  }

  private webhook(id: string, { url, secretArn, secretKeyArn, events }: NotifiedWebhook): void {
    const { deadLetters, logRetention, tracing, exporting, ledger, reserved } = this.#props;
    const { function: poster } = new RoleFunction(this, id, {
      entry: 'webhook',
      role: `webhook-${id.replace('Webhook', '')}`,
      timeout: WEBHOOK_TIMEOUT,
      ...{ deadLetters, logRetention, tracing, exporting },
      concurrency: reserved ? WEBHOOK_RUNS : undefined,
      retries: WEBHOOK_RETRIES,
      statements: [
        new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
        ...(secretKeyArn === undefined ? [] : [decryptionOf(secretKeyArn, Stack.of(this).region)]),
      ],
      policies: [],
      unscoped: [],
      asksForChanges: false,
      environment: { PAWL_TABLE: ledger, PAWL_WEBHOOK_URL: url, PAWL_WEBHOOK_SECRET: secretArn },
    });
    const rule = this.rule(id, events, poster.functionArn);
    poster.addPermission('ByRule', {
      principal: new ServicePrincipal('events.amazonaws.com'),
      sourceArn: rule.ruleArn,
    });
  }

  /** A rule for some kinds of this stack's events. Only this rule may publish to a topic that is made here. */
  private rule(id: string, events: NoticeEvents, arn: string, input?: RuleTargetInput, made?: Topic): Rule {
    const { bus, deadLetters } = this.#props;
    const rule = new Rule(this, `${id}Rule`, {
      description: `Pawl: who is told, ${id}`,
      eventBus: bus,
      eventPattern: {
        source: [TOLD_SOURCE],
        ...(events === 'all' ? {} : { detailType: [...events] }),
        detail: { stack: [Stack.of(this).stackName] },
      },
    });
    rule.addTarget({
      bind: () => ({
        arn,
        ...(input === undefined ? {} : { input }),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: OFFERED_FOR.toSeconds() },
      }),
    });
    const byRule = { ArnEquals: { 'aws:SourceArn': rule.ruleArn } };
    const principals = [new ServicePrincipal('events.amazonaws.com')];
    deadLetters.addToResourcePolicy(
      new PolicyStatement({
        ...{ principals, conditions: byRule },
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.queueArn],
      }),
    );
    made?.addToResourcePolicy(
      new PolicyStatement({
        ...{ principals, conditions: byRule },
        actions: ['sns:Publish'],
        resources: [made.topicArn],
      }),
    );
    return rule;
  }

  private madeTopic(id: string): Topic {
    const { key } = this.#props;
    return new Topic(this, `${id}Topic`, {
      enforceSSL: true,
      ...(key === undefined ? {} : { masterKey: key }),
    });
  }
}

/** With the key of a secret, and through Secrets Manager alone. */
function decryptionOf(keyArn: string, region: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
  });
}
