import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { templateOf } from './synthesised.ts';

// What is published, and what is left in the queue: who may, and under which key.

const ACCOUNT = '123456789012';
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:pawl-AlarmTopic`;
const ALARM = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:pawl-use1-a-RootCause`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/0f1e2d3c-0000-4000-8000-000000000001`;

const plain = templateOf();
const made = templateOf({ messageKey: 'made' });

/** The policy document of the only resource of a type, with its own ARN where the template refers to a resource. */
function policyOf(template: Template, type: string, property: string, arn: string): unknown {
  const [only, ...others] = Object.values(template.findResources(type));
  if (only === undefined || others.length > 0) throw new Error(`There is no one ${type}.`);
  const text = JSON.stringify(only['Properties'][property]);
  return JSON.parse(
    text
      .replaceAll('{"Ref":"AWS::Partition"}', '"aws"')
      .replace(/\{"Ref":"[A-Za-z0-9]+"\}/g, JSON.stringify(arn))
      .replace(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_all, parts: string) =>
        JSON.stringify((JSON.parse(parts) as string[]).join('')),
      ),
  );
}

interface Call {
  readonly service: string;
  readonly action: string;
  readonly context: Readonly<Record<string, string>>;
}

/** Whether AWS would let an AWS service make a call, by the policy of the resource alone. */
async function isAllowed(
  resourcePolicy: unknown,
  resource: string,
  { service, action, context }: Call,
): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: service,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { 'aws:SecureTransport': 'true', ...context },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed';
}

const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const ofAlarm = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': ALARM };
const publish: Call = { service: CLOUDWATCH, action: 'sns:Publish', context: ofAlarm };

describe('the topic', () => {
  test.each([
    ['an alarm of this account', publish, true],
    [
      'an alarm of this account, in the clear',
      { ...publish, context: { ...ofAlarm, 'aws:SecureTransport': 'false' } },
      false,
    ],
    [
      'an alarm of another account',
      {
        ...publish,
        context: {
          'aws:SourceAccount': '999999999999',
          'aws:SourceArn': ALARM.replace(ACCOUNT, '999999999999'),
        },
      },
      false,
    ],
    [
      'something of CloudWatch that is no alarm',
      { ...publish, context: { ...ofAlarm, 'aws:SourceArn': ALARM.replace(':alarm:', ':dashboard:') } },
      false,
    ],
    ['another service', { ...publish, service: 'events.amazonaws.com' }, false],
    ['an alarm that subscribes', { ...publish, action: 'sns:Subscribe' }, false],
  ] as const)('takes what %s publishes: %o', async (_who, call, allowed) => {
    const policy = policyOf(plain, 'AWS::SNS::TopicPolicy', 'PolicyDocument', TOPIC);
    expect(await isAllowed(policy, TOPIC, call)).toBe(allowed);
  });

  test('took nothing from anybody while it had its Deny alone', async () => {
    const { Statement } = policyOf(plain, 'AWS::SNS::TopicPolicy', 'PolicyDocument', TOPIC) as {
      readonly Statement: readonly { readonly Effect: string }[];
    };
    const denials = { Version: '2012-10-17', Statement: Statement.filter(({ Effect }) => Effect === 'Deny') };
    expect(denials.Statement).toHaveLength(1);
    expect(await isAllowed(denials, TOPIC, publish)).toBe(false);
  });
});

describe('the key of the messages', () => {
  test('is nobody of ours unless it is asked for', () => {
    plain.resourceCountIs('AWS::KMS::Key', 0);
    plain.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.absent() });
    plain.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  test.each(['kms:GenerateDataKey', 'kms:Decrypt'])(
    'lets the alarms of this account use %s',
    async (action) => {
      const policy = policyOf(made, 'AWS::KMS::Key', 'KeyPolicy', KEY);
      expect(await isAllowed(policy, KEY, { ...publish, action })).toBe(true);
      const strange = { ...publish, action, context: { 'aws:SourceAccount': '999999999999' } };
      expect(await isAllowed(policy, KEY, strange)).toBe(false);
      expect(await isAllowed(policy, KEY, { ...publish, action: 'kms:ScheduleKeyDeletion' })).toBe(false);
    },
  );

  test.each([
    ['made', made, { 'Fn::GetAtt': [Match.stringLikeRegexp('^MessageKey'), 'Arn'] }],
    ['given', templateOf({ messageKey: KEY }), KEY],
  ])('that is %s is of the topic and of the queue', (_how, template, key) => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
  });

  test('may be used by everybody who leaves a dead letter', () => {
    const users = (action: string) =>
      Object.values(made.findResources('AWS::IAM::Policy'))
        .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes(`"${action}"`))
        .flatMap(({ Properties }) => Properties.Roles.map(({ Ref }: { readonly Ref: string }) => Ref));
    expect(new Set(users('kms:GenerateDataKey*'))).toEqual(new Set(users('sqs:SendMessage')));
    expect(users('sqs:SendMessage').length).toBeGreaterThan(0);
  });
});

test('EventBridge Scheduler takes a role for the schedules of this account alone', () => {
  const roles = Object.values(plain.findResources('AWS::IAM::Role')).map(
    ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0],
  );
  const schedulers = roles.filter(({ Principal }) => Principal.Service === 'scheduler.amazonaws.com');
  expect(schedulers).toHaveLength(6);
  for (const { Condition } of schedulers)
    expect(Condition.StringEquals).toMatchObject({ 'aws:SourceAccount': ACCOUNT });
});
