import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { Pawl } from '../../lib/infrastructure/pawl-stack.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { parseDeployedCells } from '../../lib/wiring/deployed-cells.ts';
import { resolvedValue } from './resolved-template.ts';
import { CELLS, stackOf, statementsOf, templateOf } from './synthesised.ts';

const BUCKET = 'arn:aws:s3:::my-trail';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/0123-abcd';
const PREFIX = 'AWSLogs/123456789012/CloudTrail/us-east-1/';
const OF_ORGANISATION = 'o/AWSLogs/o-1/210987654321/CloudTrail/us-east-1/';
const none = templateOf();
const plain = templateOf({ trail: { bucket: BUCKET } });
const full = templateOf({
  trail: {
    bucket: BUCKET,
    keyArn: KEY,
    prefixes: [PREFIX, OF_ORGANISATION],
    lookBackHours: 12,
    writers: ['arn:aws:iam::123456789012:role/people'],
  },
});

/** The environment of the function. */
function variablesOf(template: Template): Readonly<Record<string, unknown>> {
  const [found] = Object.values(template.findResources('AWS::Lambda::Function')).filter(
    ({ Properties }) => Properties.Environment?.Variables.PAWL_ROLE === 'trail',
  );
  return found?.['Properties'].Environment.Variables ?? {};
}

function alarmsOf(template: Template): readonly string[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }): string => Properties.AlarmName)
    .filter((name) => /Trail/.test(name))
    .sort();
}

describe('without a trail', () => {
  test('there is no function, no table and no alarm for one', () => {
    expect(variablesOf(none)).toEqual({});
    expect(alarmsOf(none)).toEqual([]);
    none.resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
    plain.resourceCountIs('AWS::DynamoDB::GlobalTable', 3);
  });
});

describe('the function that reads a trail', () => {
  test('may read these files and the ledger, keep what it told, and do nothing else', () => {
    const allowed = statementsOf(plain, 'TrailReader').map(({ Effect, Action, Resource, Condition }) => ({
      ...{ Effect, Action },
      on: [Resource].flat().map(resolvedValue),
      ...(Condition === undefined ? {} : { Condition }),
    }));
    expect(allowed).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        on: [expect.stringMatching(/TrailReaderLog/)],
      },
      {
        Effect: 'Allow',
        Action: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query'],
        on: [resolvedValue({ 'Fn::GetAtt': [idOf(plain, /^LedgerTable/), 'Arn'] })],
      },
      { Effect: 'Allow', Action: 's3:GetObject', on: [`${BUCKET}/${PREFIX}*`] },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        on: [BUCKET],
        Condition: { StringLike: { 's3:prefix': [`${PREFIX}*`] } },
      },
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        on: [resolvedValue({ 'Fn::GetAtt': [idOf(plain, /^TrailMemory/), 'Arn'] })],
      },
      // What Lambda does with an event whose run failed.
      {
        Effect: 'Allow',
        Action: expect.arrayContaining(['sqs:SendMessage']),
        on: [expect.stringMatching(/DeadLetters/)],
      },
    ]);
  });

  test('may use a key through S3 alone, and read each prefix', () => {
    const statements = statementsOf(full, 'TrailReader');
    expect(statements).toContainEqual({
      ...{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY },
      Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
    });
    expect(statements.find(({ Action }) => Action === 's3:GetObject')?.Resource).toEqual([
      `${BUCKET}/${PREFIX}*`,
      `${BUCKET}/${OF_ORGANISATION}*`,
    ]);
  });

  test('is invoked every 15 minutes, one pass at a time', () => {
    plain.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(15 minutes)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1 },
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TrailReaderFunction'), 'Arn'] },
        Input: '{"trail":"pass","at":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: Match.anyValue(),
      },
    });
    plain.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PAWL_ROLE: 'trail' } },
      ReservedConcurrentExecutions: 1,
      Timeout: 600,
    });
  });

  test('is told where the trail is, how far to look back, and who is Pawl if that is said', () => {
    const told = (template: Template) => {
      const { PAWL_TRAIL, PAWL_CELLS } = variablesOf(template);
      expect([...parseDeployedCells(String(PAWL_CELLS)).keys()]).toEqual(Object.keys(CELLS));
      return JSON.parse(resolvedValue(PAWL_TRAIL));
    };
    expect(told(plain)).toEqual({
      ...{ bucket: 'my-trail', prefixes: [PREFIX], lookBackHours: 3 },
      memory: expect.stringMatching(/^TrailMemory/),
    });
    const { writers, ...rest } = told(full);
    expect(rest).toMatchObject({ prefixes: [PREFIX, OF_ORGANISATION], lookBackHours: 12 });
    const roles = ['EnactorA', 'EnactorB', 'EnactorC', 'Janitor'].map((id) =>
      expect.stringMatching(new RegExp(`^${id}Role.*Arn$`)),
    );
    expect(writers).toEqual([...roles, 'arn:aws:iam::123456789012:role/people']);
  });
});

describe('the alarms of a trail', () => {
  test('are of the stack, each with its metric', () => {
    expect(alarmsOf(plain)).toEqual([
      'pawl.NoTrailPass',
      'pawl.TrailBlind',
      'pawl.TrailFinding',
      'pawl.TrailViolation',
    ]);
    const of = (MetricName: string, rest: object) =>
      plain.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...{ Namespace: 'Pawl', MetricName, Dimensions: [{ Name: 'ledger', Value: Match.anyValue() }] },
        ...rest,
      });
    const notBreaching = { TreatMissingData: 'notBreaching' };
    of(METRICS.trailFindings, { Statistic: 'Sum', Threshold: 1, ...notBreaching });
    of(METRICS.trailViolations, { Statistic: 'Sum', Threshold: 1, ...notBreaching });
    of(METRICS.trailBlind, { Statistic: 'Maximum', Threshold: 1, ...notBreaching });
    of(METRICS.trailPasses, { ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' });
  });
});

describe('the setting', () => {
  test.each([
    [{ bucket: 'my-trail' }, 'the ARN of a bucket'],
    [{ bucket: BUCKET, prefixes: ['*/'] }, 'a prefix up to the year'],
    [{ bucket: BUCKET, prefixes: ['AWSLogs'] }, 'a prefix up to the year'],
    [{ bucket: BUCKET, prefixes: [] }, 'at trail.prefixes'],
    [{ bucket: BUCKET, keyArn: 'arn:aws:kms:us-east-1:123456789012:alias/trail' }, 'the ARN of a KMS key'],
    [{ bucket: BUCKET, lookBackHours: 2 }, 'at trail.lookBackHours'],
  ])('%j is refused', (trail, says) => {
    expect(() => parseDeployment({ cells: CELLS, trail })).toThrow(says);
  });

  test('takes a bucket of the same app, in a stack of no account that is known', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'dns');
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
      ...{ zoneName: 'example.test', hostedZoneId: 'Z0000000000000000USE1' },
    });
    new Pawl(stack, 'Pawl', {
      cells: { 'use1-a': { zone, names: ['api.example.test'] } },
      trail: { bucket: new Bucket(stack, 'Bucket') },
    });
    const template = Template.fromStack(stack);
    const [, files] = statementsOf(template, 'PawlTrailReader').filter(({ Action }) =>
      ['s3:ListBucket', 's3:GetObject'].includes(String(Action)),
    );
    expect(files?.Condition).toEqual({
      StringLike: {
        's3:prefix': [
          { 'Fn::Join': ['', ['AWSLogs/', { Ref: 'AWS::AccountId' }, '/CloudTrail/us-east-1/*']] },
        ],
      },
    });
  });

  test('has nothing that cdk-nag finds', { timeout: 120_000 }, () => {
    const { app } = stackOf({ trail: { bucket: BUCKET, keyArn: KEY } });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

function idOf(template: Template, of: RegExp): string {
  const tables = Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'));
  return tables.find((id) => of.test(id)) ?? '';
}
