import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { everyResource, stackOf, templateOf, templatesOf } from './synthesised.ts';

const templates = templatesOf();
const { template } = templates;
/** One a role, three enactors, the herald, and the one that bakes. */
const FUNCTIONS = 8;

describe('the ledger', () => {
  test('is on demand, recoverable, protected, kept, and tells of every change', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  test('has no name of its own, so that one that a failed deployment left is in the way of no other', () => {
    const [ledger, ...others] = Object.entries(template.findResources('AWS::DynamoDB::GlobalTable')).filter(
      ([id]) => id.startsWith('LedgerTable'),
    );
    expect(others).toEqual([]);
    expect(ledger?.[1]['Properties']).not.toHaveProperty('TableName');
  });
});

describe('the table of leases', () => {
  test('has a name, is on demand and recoverable, tells nobody, and goes with the stack', () => {
    template.resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: {
        TableName: 'pawl-leases',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: Match.absent(),
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: Match.absent(),
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  test('is known to the planner alone', () => {
    const known = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(({ Properties }) => {
      const { PAWL_ROLE, PAWL_LEASES } = Properties.Environment.Variables;
      return PAWL_LEASES === undefined ? [] : [[PAWL_ROLE, PAWL_LEASES]];
    });
    expect(known).toEqual([['planner', { Ref: expect.stringMatching(/^LeasesTable/) }]]);
  });
});

describe('the functions', () => {
  test('are one a role and three enactors, on Node 24 and arm64, one run a cell, each failure kept', () => {
    template.resourceCountIs('AWS::Lambda::Function', FUNCTIONS);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: Match.absent(),
      LoggingConfig: Match.objectLike({ LogFormat: 'JSON' }),
    });
    const functions = Object.entries(template.findResources('AWS::Lambda::Function')) as [
      string,
      { Properties: { ReservedConcurrentExecutions: number } },
    ][];
    const reserved = functions.map(([id, { Properties }]) => [
      id.replace(/Function.*/, ''),
      Properties.ReservedConcurrentExecutions,
    ]);
    // The auditor has one more, for what it is told of the stream, and an enactor two, for whom it succeeds.
    expect(Object.fromEntries(reserved)).toEqual({
      Planner: 2,
      EnactorA: 4,
      EnactorB: 4,
      EnactorC: 4,
      Janitor: 2,
      Auditor: 3,
      Herald: 2,
      // It runs in deployments alone.
      BakeWatcher: undefined,
    });
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', FUNCTIONS);
    template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 3_600,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('are traced where the deployment says so', () => {
    const traced = templateOf({ tracing: true });
    traced.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
    const tracing = (of: Template) =>
      JSON.stringify(of.toJSON()).match(/xray:PutTraceSegments/g)?.length ?? 0;
    expect([tracing(template), tracing(traced)]).toEqual([0, FUNCTIONS]);
  });

  test('reserve nothing where the concurrency of the account is shared', () => {
    templateOf({ concurrency: 'shared' }).allResourcesProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  test('leave what they said when the stack is deleted, and nothing when it could not be made', () => {
    template.allResources('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('as many enactors as one says, each of its own name', () => {
    const names = Object.values(templateOf({ enactors: 2 }).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Environment.Variables.PAWL_ROLE,
    );
    expect(names.sort()).toEqual([
      'auditor',
      'bake',
      'enactor-a',
      'enactor-b',
      'herald',
      'janitor',
      'planner',
    ]);
  });

  test('know the cells of the stack and no other', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          PAWL_ROLE: 'enactor-b',
          PAWL_DNS: 'on',
          PAWL_CELLS: JSON.stringify({
            'use1-a': { zone: 'example.test', zoneId: 'Z0000000000000000USE1' },
            'euw1-a': { zone: 'example-eu.test', zoneId: 'Z0000000000000000EUW1' },
          }),
        }),
      },
    });
  });
});

describe('the auditor', () => {
  const clientsOf = (settings: Readonly<Record<string, unknown>>) =>
    Object.values(templateOf(settings).findResources('AWS::Lambda::Function')).flatMap(({ Properties }) => {
      const { PAWL_ROLE, PAWL_AUDIT_CLIENTS } = Properties.Environment.Variables;
      return PAWL_AUDIT_CLIENTS === undefined ? [] : [[PAWL_ROLE, JSON.parse(PAWL_AUDIT_CLIENTS)]];
    });

  test('alone knows for whom it asks', () => {
    expect(clientsOf({})).toEqual([['auditor', {}]]);
    expect(clientsOf({ auditClients: { DE: '198.51.100.0/24', 'eu-west-1': '198.51.100.65' } })).toEqual([
      ['auditor', { DE: '198.51.100.0', 'eu-west-1': '198.51.100.65' }],
    ]);
  });
});

describe('the triggers', () => {
  test('are two readers of the stream and no more, each with an end to its patience and a place for what fails', () => {
    const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    const readers = mappings.filter(({ Properties }) => 'StartingPosition' in Properties);
    const kept = { OnFailure: { Destination: expect.anything() } };
    const by = readers.map(({ Properties }) => ({
      filter: JSON.parse(Properties.FilterCriteria.Filters[0].Pattern),
      ...Properties,
    }));
    expect(by).toHaveLength(2);
    // News that nobody took holds back the news behind it, so it is given up soon; evidence is tried for a day.
    expect(by.find(({ filter }) => filter.eventName.includes('INSERT'))).toMatchObject({
      BisectBatchOnFunctionError: false,
      filter: { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'EVENT#' }] } } } },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 2,
      MaximumRecordAgeInSeconds: 3_600,
      DestinationConfig: kept,
    });
    expect(by.find(({ filter }) => filter.eventName.includes('MODIFY'))).toMatchObject({
      BisectBatchOnFunctionError: true,
      filter: { eventName: ['MODIFY', 'REMOVE'] },
      MaximumRetryAttempts: 100,
      MaximumRecordAgeInSeconds: 86_400,
      DestinationConfig: kept,
    });
  });

  test('hand what an enactor leaves to whichever enactor takes it, one message at a time, and keep no hint', () => {
    const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    const readers = mappings.filter(({ Properties }) => !('StartingPosition' in Properties));
    expect(readers).toHaveLength(3);
    expect(new Set(readers.map(({ Properties }) => JSON.stringify(Properties.EventSourceArn))).size).toBe(1);
    for (const { Properties } of readers)
      expect(Properties).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 300,
      VisibilityTimeout: 300,
      RedrivePolicy: Match.absent(),
    });
  });

  test('sweep every cell with every role, spread over a window', () => {
    const schedules = Object.values(template.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => Properties,
    );
    expect(schedules).toHaveLength(6 * 2);
    for (const schedule of schedules) {
      expect(schedule.FlexibleTimeWindow).toEqual({ Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1 });
      expect(schedule.Target.DeadLetterConfig).toBeDefined();
    }
    const everyMinute = schedules.filter(({ ScheduleExpression }) => ScheduleExpression === 'rate(1 minute)');
    expect(everyMinute.map(({ Target }) => JSON.parse(Target.Input))).toEqual(
      expect.arrayContaining([
        { cell: 'use1-a', mode: 'sweep', at: '<aws.scheduler.scheduled-time>' },
        { cell: 'euw1-a', mode: 'sweep', at: '<aws.scheduler.scheduled-time>' },
      ]),
    );
    expect(everyMinute).toHaveLength(4 * 2);
  });
});

describe('the outputs', () => {
  test('are what pawl --stack reads', () => {
    template.hasOutput('Table', { Value: { Ref: Match.stringLikeRegexp('^LedgerTable') } });
    template.hasOutput('LeasesTable', { Value: { Ref: Match.stringLikeRegexp('^LeasesTable') } });
    template.hasOutput('HolderPolicy', { Value: { Ref: Match.stringLikeRegexp('^PeopleHolder') } });
    template.hasOutput('Cell1', {
      Value: JSON.stringify({ cell: 'euw1-a', zone: 'example-eu.test', zoneId: 'Z0000000000000000EUW1' }),
    });
  });
});

describe('for an emulator', () => {
  test('what it cannot do is left out, and nothing else', () => {
    const emulated = templateOf({}, { emulator: 'ministack' });
    emulated.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
    // It counts no runs of functions, on which a bake rests.
    const unbaked = templatesOf({ bakeSeconds: 0 });
    const count = (type: string) => everyResource(unbaked, type).length;
    emulated.resourceCountIs('AWS::CloudFormation::Stack', 0);
    for (const type of [
      'AWS::Lambda::Function',
      'AWS::Scheduler::Schedule',
      'AWS::IAM::Role',
      'AWS::IAM::ManagedPolicy',
    ]) {
      emulated.resourceCountIs(type, count(type));
    }
    const onMath = everyResource(unbaked, 'AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties.Metrics !== undefined,
    );
    expect(onMath.map(({ Properties }) => Properties.AlarmName)).toEqual([
      'pawl.use1-a.LeasesUnheard',
      'pawl.euw1-a.LeasesUnheard',
    ]);
    emulated.resourceCountIs('AWS::CloudWatch::Alarm', count('AWS::CloudWatch::Alarm') - onMath.length);
    emulated.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_TRACE_ENABLED: 'false' }) },
    });
  });
});

test('two stacks of one deployment are the same', () => {
  expect(templateOf().toJSON()).toEqual(template.toJSON());
  expect(stackOf().stack.stackName).toBe('pawl');
});
