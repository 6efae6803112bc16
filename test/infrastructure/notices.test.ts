import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { kindsFor } from '../../lib/events/told-kinds.ts';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import type { PawlProps } from '../../lib/infrastructure/pawl-props.ts';
import { Pawl } from '../../lib/infrastructure/pawl-stack.ts';
import { reservedConcurrency } from '../../lib/preflight/reserved-concurrency.ts';
import { deployedPolicies } from '../support/policy-evaluation.ts';
import { CELLS, stackOf, statementsOf, templateOf } from './synthesised.ts';

const ACCOUNT = 'us-east-1:123456789012';
const SECRET = `arn:aws:secretsmanager:${ACCOUNT}:secret:pawl-AbCdEf`;
const KEY = `arn:aws:kms:${ACCOUNT}:key/0123`;
const TOPIC = `arn:aws:sns:${ACCOUNT}:ours`;
const BUS = `arn:aws:events:${ACCOUNT}:event-bus/default`;
const WEBHOOK = { url: 'https://hooks.example.test/pawl', secretArn: SECRET };
const notify = {
  topics: [{ topic: 'made', events: ['PlanHeld', 'CellFrozen'] }, { topic: TOPIC }],
  slack: [{ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG', events: 'all' }],
  webhooks: [{ ...WEBHOOK, secretKeyArn: KEY }],
};
const none = templateOf();
const told = templateOf({ notify });

describe('the herald', () => {
  test('may put events on the bus of the deployment, and on no other', async () => {
    const herald = deployedPolicies(none).ofFunction('Herald');
    const put = (resource: string) => herald.allows({ action: 'events:PutEvents', resource });
    expect(await put(BUS)).toBe(true);
    expect(await put(`arn:aws:events:${ACCOUNT}:event-bus/other`)).toBe(false);
    for (const other of ['Planner', 'EnactorA', 'Janitor', 'Auditor'])
      expect(
        await deployedPolicies(none).ofFunction(other).allows({ action: 'events:PutEvents', resource: BUS }),
      ).toBe(false);
  });

  test.each([
    ['default', BUS],
    ['our/bus', `arn:aws:events:${ACCOUNT}:event-bus/our/bus`],
    [
      'arn:aws:events:eu-west-1:999999999999:event-bus/theirs',
      'arn:aws:events:eu-west-1:999999999999:event-bus/theirs',
    ],
  ])('is given the bus %s and the name of the stack', async (eventBus, arn) => {
    const template = templateOf({ eventBus });
    const herald = deployedPolicies(template).ofFunction('Herald');
    expect(await herald.allows({ action: 'events:PutEvents', resource: arn })).toBe(true);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { PAWL_ROLE: 'herald', PAWL_EVENT_BUS: Match.anyValue(), PAWL_STACK: 'pawl' },
      },
    });
  });

  test('tells nobody where the deployment has no bus', async () => {
    const template = templateOf({ eventBus: 'none' });
    const herald = deployedPolicies(template).ofFunction('Herald');
    expect(await herald.allows({ action: 'events:PutEvents', resource: BUS })).toBe(false);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PAWL_ROLE: 'herald', PAWL_EVENT_BUS: Match.absent() } },
    });
  });
});

describe('who is told', () => {
  const rules = (template: Template) =>
    Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);

  test('is nobody unless the deployment says so', () => {
    none.resourceCountIs('AWS::Events::Rule', 0);
    none.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    none.resourceCountIs('AWS::SNS::Topic', 1);
  });

  test("gets this stack's events alone, of the kinds that were chosen, or that ask for attention", () => {
    const patterns = rules(told).map(({ EventPattern }) => EventPattern);
    for (const pattern of patterns)
      expect(pattern).toMatchObject({ source: ['pawl'], detail: { stack: ['pawl'] } });
    const kinds = patterns.map((pattern) => pattern['detail-type']);
    const attention = [...kindsFor('act', 'watch')];
    expect(kinds).toHaveLength(4);
    expect(kinds).toEqual(expect.arrayContaining([['PlanHeld', 'CellFrozen'], attention, undefined]));
    expect(kinds.filter((each) => JSON.stringify(each) === JSON.stringify(attention))).toHaveLength(2);
  });

  test('has a dead letter for what it does not take, and the queue lets each rule leave it', () => {
    for (const { Targets } of rules(told)) {
      expect(Targets).toHaveLength(1);
      expect(Targets[0].DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^DeadLetters/);
      expect(Targets[0].RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 3_600 });
    }
    const policies = Object.values(told.findResources('AWS::SQS::QueuePolicy')).flatMap(
      ({ Properties }): { Principal: unknown; Action: string; Condition?: object }[] =>
        Properties.PolicyDocument.Statement,
    );
    const byRules = policies.filter(({ Principal }) =>
      JSON.stringify(Principal).includes('events.amazonaws.com'),
    );
    expect(byRules).toHaveLength(4);
    for (const { Action, Condition } of byRules) {
      expect(Action).toBe('sqs:SendMessage');
      expect(Condition).toMatchObject({ ArnEquals: { 'aws:SourceArn': expect.anything() } });
    }
  });

  test('by a topic that the stack makes: over TLS, from its rule alone, and named by an output', () => {
    told.hasOutput('NoticeTopic1', {});
    const policies = Object.values(told.findResources('AWS::SNS::TopicPolicy')).flatMap(
      ({ Properties }): { Principal: unknown; Effect: string; Condition?: object }[] =>
        Properties.PolicyDocument.Statement,
    );
    const byRules = policies.filter(({ Principal }) =>
      JSON.stringify(Principal).includes('events.amazonaws.com'),
    );
    expect(byRules).toHaveLength(2);
    for (const { Condition } of byRules)
      expect(Condition).toMatchObject({ ArnEquals: { 'aws:SourceArn': expect.anything() } });
    expect(policies.filter(({ Effect }) => Effect === 'Deny').length).toBeGreaterThanOrEqual(2);
  });

  test('in Slack: field by field, in a channel that may do nothing', () => {
    told.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T012ABCDEFG',
      SlackChannelId: 'C012ABCDEFG',
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^NoticesSlack1Topic') }],
      GuardrailPolicies: [{ 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('AWSDenyAll$')])] }],
    });
    const transformers = rules(told).flatMap(({ Targets }) => Targets[0].InputTransformer ?? []);
    expect(transformers).toHaveLength(1);
    const [{ InputTemplate, InputPathsMap }] = transformers;
    const template: string = InputTemplate;
    expect(Object.values(InputPathsMap)).toContain('$.detail.summary');
    // A variable in quotes would let a quote of somebody's reason end them.
    expect(template).not.toMatch(/"[^",:]*</);
    expect(template).toContain('"source":"custom"');
  });

  test('by a webhook: a function that reads its secret and nothing else, twice at a time', async () => {
    told.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          PAWL_ROLE: 'webhook-1',
          PAWL_WEBHOOK_URL: WEBHOOK.url,
          PAWL_WEBHOOK_SECRET: SECRET,
        },
      },
      ReservedConcurrentExecutions: 2,
    });
    told.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^NoticesWebhook1') },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
    told.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NoticesWebhook1Rule'), 'Arn'] },
    });
    const webhook = deployedPolicies(told).ofFunction('NoticesWebhook1');
    const may = (action: string, resource: string) => webhook.allows({ action, resource });
    expect(await may('secretsmanager:GetSecretValue', SECRET)).toBe(true);
    expect(await may('secretsmanager:GetSecretValue', `${SECRET.slice(0, -1)}x`)).toBe(false);
    expect(await may('secretsmanager:PutSecretValue', SECRET)).toBe(false);
    expect(await may('events:PutEvents', BUS)).toBe(false);
    expect(await may('dynamodb:GetItem', deployedPolicies(told).arn('LedgerTable'))).toBe(false);
    expect(statementsOf(told, 'NoticesWebhook1').filter(({ Action }) => Action === 'kms:Decrypt')).toEqual([
      {
        ...{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY },
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
      },
    ]);
  });

  test("costs what the preflight counts of the account's concurrency", () => {
    const reserved = Object.values(told.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.ReservedConcurrentExecutions ?? 0,
    );
    expect(reserved.reduce((sum, each) => sum + each, 0)).toBe(reservedConcurrency(2, 3, 1));
    const shared = templateOf({ notify, concurrency: 'shared' });
    for (const { Properties } of Object.values(shared.findResources('AWS::Lambda::Function')))
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('waits for the bake as everything that has new code', () => {
    const webhooks = Object.entries(told.findResources('AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('NoticesWebhook1'),
    );
    expect(webhooks.flatMap(([, { DependsOn }]) => DependsOn)).toContainEqual(expect.stringMatching(/^Bake/));
  });

  test('gets messages under the key of the deployment, which lets the rules use it', () => {
    const encrypted = templateOf({ notify, messageKey: 'made' });
    const services = (template: Template) =>
      JSON.stringify(Object.values(template.findResources('AWS::KMS::Key'))[0]?.['Properties'].KeyPolicy);
    expect(services(encrypted)).toContain('events.amazonaws.com');
    expect(services(templateOf({ messageKey: 'made' }))).not.toContain('events.amazonaws.com');
  });

  test('has nothing that cdk-nag finds', { timeout: 120_000 }, () => {
    const { app } = stackOf({ notify });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('has no Slack on an emulator', () => {
    const emulated = templateOf({ notify }, { emulator: 'ministack' });
    emulated.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    expect(rules(emulated)).toHaveLength(3);
  });
});

describe('a deployment that says who is told', () => {
  const refusal = (settings: object) => {
    try {
      parseDeployment({ cells: CELLS, ...settings });
      return 'taken';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  test.each<readonly [string, object, string]>([
    [
      'a kind that there is not',
      { notify: { topics: [{ topic: 'made', events: ['PlanLost'] }] } },
      '"all", or a list',
    ],
    ['no kind', { notify: { topics: [{ topic: 'made', events: [] }] } }, 'one kind at least'],
    ['a topic by its name', { notify: { topics: [{ topic: 'ours' }] } }, 'the ARN of a topic'],
    ['http', { notify: { webhooks: [{ ...WEBHOOK, url: 'http://a.example' }] } }, 'a URL of https'],
    [
      'a password in a URL',
      { notify: { webhooks: [{ ...WEBHOOK, url: 'https://a:b@c.example' }] } },
      'a URL of https',
    ],
    ['no secret', { notify: { webhooks: [{ url: WEBHOOK.url }] } }, 'secretArn'],
    [
      'a secret itself',
      { notify: { webhooks: [{ ...WEBHOOK, secretArn: 'hunter2' }] } },
      'the ARN of a secret',
    ],
    [
      'a channel by its name',
      { notify: { slack: [{ workspaceId: 'T1', channelId: '#dns' }] } },
      'Slack channel',
    ],
    ['a bus that can be none', { eventBus: 'our bus' }, 'the ARN of an event bus'],
    [
      'nobody to hear it from',
      { eventBus: 'none', notify: { topics: [{ topic: 'made' }] } },
      'eventBus is "none"',
    ],
  ])('is refused with %s', (_what, settings, says) => {
    expect(refusal(settings)).toContain(says);
  });
});

describe('Pawl in a stack of somebody else', () => {
  function placed(more: (stack: Stack) => Partial<PawlProps>): Template {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'own', { env: { account: '123456789012', region: 'us-east-1' } });
    const zone = new PublicHostedZone(stack, 'OwnZone', { zoneName: 'example.test' });
    new Pawl(stack, 'Dns', { cells: { 'use1-a': { zone, names: ['*.example.test'] } }, ...more(stack) });
    return Template.fromStack(stack);
  }

  test('tells on a bus, to a topic and with a secret that CloudFormation makes with it', () => {
    const template = placed((stack) => ({
      eventBus: new EventBus(stack, 'OwnBus'),
      notify: {
        topics: [{ topic: new Topic(stack, 'OwnTopic'), events: ['PlanApplied'] }],
        webhooks: [
          {
            url: WEBHOOK.url,
            secret: new Secret(stack, 'OwnSecret', { encryptionKey: new Key(stack, 'OwnKey') }),
          },
        ],
      },
    }));
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['PlanApplied'], detail: { stack: ['own'] } },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^OwnTopic') } })],
    });
    const policy = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
      id.startsWith('DnsNoticesWebhook1Role'),
    );
    expect(JSON.stringify(policy)).toMatch(/GetSecretValue.*OwnSecret/);
    expect(JSON.stringify(policy)).toMatch(/kms:Decrypt.*OwnKey/);
    const herald = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
      id.startsWith('DnsHeraldRole'),
    );
    expect(JSON.stringify(herald)).toMatch(/events:PutEvents.*OwnBus/);
  });

  test('takes a topic by its ARN, and undefined for nothing', () => {
    const template = placed(() => ({
      notify: { topics: [{ topic: TOPIC, events: undefined }], slack: undefined },
    }));
    template.resourceCountIs('AWS::Events::Rule', 1);
  });
});
