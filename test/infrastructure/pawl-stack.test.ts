import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { everyResource, stackOf, templateOf, templatesOf } from './synthesised.ts';

const templates = templatesOf();
const { template } = templates;
/** One a role, three enactors, and the herald. */
const FUNCTIONS = 7;

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
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', { TableName: Match.absent() });
  });
});

describe('the functions', () => {
  test('are one a role and three enactors, on Node 24 and arm64, one run a cell, each failure kept', () => {
    template.resourceCountIs('AWS::Lambda::Function', FUNCTIONS);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
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
    // The auditor has one more, for what it is told of the stream.
    expect(Object.fromEntries(reserved)).toEqual({
      Planner: 2,
      EnactorA: 2,
      EnactorB: 2,
      EnactorC: 2,
      Janitor: 2,
      Auditor: 3,
      Herald: 2,
    });
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', FUNCTIONS);
    template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 120,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
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
    expect(names.sort()).toEqual(['auditor', 'enactor-a', 'enactor-b', 'herald', 'janitor', 'planner']);
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

describe('the triggers', () => {
  test('are two readers of the stream and no more, each with an end to its patience and a place for what fails', () => {
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
    template.allResourcesProperties('AWS::Lambda::EventSourceMapping', {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: Match.anyValue(),
      MaximumRecordAgeInSeconds: Match.anyValue(),
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
    const filters = Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).map(
      ({ Properties }) => JSON.parse(Properties.FilterCriteria.Filters[0].Pattern),
    );
    expect(filters).toEqual(
      expect.arrayContaining([
        { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'EVENT#' }] } } } },
        { eventName: ['MODIFY', 'REMOVE'] },
      ]),
    );
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
        { cell: 'use1-a', mode: 'sweep' },
        { cell: 'euw1-a', mode: 'sweep' },
      ]),
    );
    expect(everyMinute).toHaveLength(4 * 2);
  });
});

describe('the outputs', () => {
  test('are what pawl --stack reads', () => {
    template.hasOutput('Table', { Value: { Ref: Match.stringLikeRegexp('^LedgerTable') } });
    template.hasOutput('Cell1', {
      Value: JSON.stringify({ cell: 'euw1-a', zone: 'example-eu.test', zoneId: 'Z0000000000000000EUW1' }),
    });
  });
});

describe('for an emulator', () => {
  test('what it cannot do is left out, and nothing else', () => {
    const emulated = templateOf({}, { emulator: 'ministack' });
    emulated.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
    const count = (type: string) => everyResource(templates, type).length;
    emulated.resourceCountIs('AWS::CloudFormation::Stack', 0);
    for (const type of [
      'AWS::CloudWatch::Alarm',
      'AWS::Lambda::Function',
      'AWS::Scheduler::Schedule',
      'AWS::IAM::Role',
      'AWS::IAM::ManagedPolicy',
    ]) {
      emulated.resourceCountIs(type, count(type));
    }
    emulated.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_TRACE_ENABLED: 'false' }) },
    });
  });
});

test('two stacks of one deployment are the same', () => {
  expect(templateOf().toJSON()).toEqual(template.toJSON());
  expect(stackOf().stack.stackName).toBe('pawl');
});
