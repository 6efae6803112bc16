import { DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { ROLES } from '../../lib/roles.ts';
import { functionEnvironment } from './function-environment.ts';
import { imported } from './invoked.ts';
import { quietServices } from './quiet-services.ts';

const dynamodb = mockClient(DynamoDBClient);
const route53 = mockClient(Route53Client);

// They stand in for every client of their class, also in the next file of the same worker.
afterAll(() => {
  dynamodb.restore();
  route53.restore();
});

beforeEach(() => quietServices(dynamodb, route53));

const SWEEP = { cell: 'use1-a', mode: 'sweep' };

describe.each(ROLES)('the $name', ({ name, heartbeat }) => {
  test.each([
    ['no cell', { mode: 'sweep' }],
    ['a cell that is no name', { cell: 'Use1_a', mode: 'sweep' }],
    ['another mode', { cell: 'use1-a', mode: 'force' }],
    ['more than it takes', { ...SWEEP, force: true }],
    ['nothing', null],
  ])('refuses an event with %s, and asks nobody', async (_what, event) => {
    const { invoke } = await imported(name);
    await expect(invoke(event)).rejects.toMatchObject({ name: 'EventRefused' });
    expect(dynamodb.calls()).toHaveLength(0);
    expect(route53.calls()).toHaveLength(0);
  });

  test.each([
    ['the cell that a refused event names', { ...SWEEP, force: true }, 'cell', 'use1-a'],
    ['the ledger, where a refused event names none', { mode: 'sweep' }, 'ledger', 'ledger'],
    [
      'the ledger, where a refused event names no cell that there can be',
      { cell: 'Use1_a' },
      'ledger',
      'ledger',
    ],
  ])('counts a failure of %s', async (_what, event, dimension, value) => {
    const { invoke, metrics } = await imported(name);
    await expect(invoke(event)).rejects.toMatchObject({ name: 'EventRefused' });
    expect(metrics()).toHaveLength(1);
    expect(metrics()[0]).toMatchObject({ RunsFailed: 1, [dimension]: value });
    expect(metrics()[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([[dimension]]);
  });

  test('serves no cell that its stack was not given', async () => {
    const { invoke } = await imported(name);
    expect(await invoke({ cell: 'euw1-a', mode: 'sweep' })).toMatchObject({
      type: 'not-served',
      reason: 'The cell euw1-a is not deployed in this stack, which serves use1-a.',
    });
    expect(route53.calls()).toHaveLength(0);
  });

  test('finds nothing to do in a cell before its first fleet, and writes nothing', async () => {
    const { invoke, metrics } = await imported(name);
    expect(await invoke(SWEEP)).toMatchObject({ type: name === 'janitor' ? 'nothing' : 'idle' });
    expect(route53).not.toHaveReceivedCommand(ChangeResourceRecordSetsCommand);
    expect(dynamodb).not.toHaveReceivedCommand(PutItemCommand);
    for (const line of metrics()) {
      for (const { Dimensions } of line._aws.CloudWatchMetrics) expect(Dimensions).toEqual([['cell']]);
      expect(line['cell']).toBe('use1-a');
    }
  });

  test('ends at once at an event that is out of date, and asks nobody', async () => {
    const { invoke, metrics } = await imported(name);
    const at = new Date(Date.now() - 181_000).toISOString();
    expect(await invoke({ ...SWEEP, at })).toEqual({ type: 'out-of-date', at });
    expect(dynamodb.calls()).toHaveLength(0);
    expect(route53.calls()).toHaveLength(0);
    // It is no sign of life: nobody has looked at the cell.
    expect(metrics()).toEqual([]);
  });

  test.each([
    ['just now', new Date().toISOString()],
    ['within the window of its schedule', new Date(Date.now() - 120_000).toISOString()],
    ['at a time that nobody can read', '<aws.scheduler.scheduled-time>'],
  ])('runs at an event that was due %s', async (_what, at) => {
    const { invoke } = await imported(name);
    expect(await invoke({ ...SWEEP, at })).toMatchObject({ type: name === 'janitor' ? 'nothing' : 'idle' });
  });

  test('ends by itself before Lambda ends it, and says that what was in flight is unknown', async () => {
    dynamodb.on(DescribeTableCommand).callsFake(() => new Promise(() => undefined));
    const { invoke, metrics } = await imported(name);
    await expect(invoke(SWEEP, 1_700)).rejects.toMatchObject({ name: 'RunTimedOut' });
    expect(metrics().filter((line) => line['RunsTimedOut'] === 1)).toHaveLength(1);
    expect(metrics()[0]).toMatchObject({ RunsFailed: 1, cell: 'use1-a' });
  });

  test('fails when the ledger is down, so that the event is kept', async () => {
    dynamodb
      .on(DescribeTableCommand)
      .rejects(Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' }));
    const { invoke, metrics, said } = await imported(name);
    await expect(invoke(SWEEP)).rejects.toMatchObject({ name: 'LedgerUnusable' });
    expect(said()).toContain('does not exist here');
    expect(metrics()).toMatchObject([{ RunsFailed: 1, cell: 'use1-a' }]);
  });

  test('is heard when it did not fail, and says nothing of failures', async () => {
    const { invoke, metrics } = await imported(name);
    await invoke(SWEEP);
    expect(metrics()).toMatchObject([{ [heartbeat.metric]: 1, cell: 'use1-a' }]);
    expect(metrics()[0]).not.toHaveProperty('RunsFailed');
  });

  test('says that a run did not fail after one that did', async () => {
    const { invoke, metrics } = await imported(name);
    await expect(invoke({ ...SWEEP, force: true })).rejects.toMatchObject({ name: 'EventRefused' });
    await invoke(SWEEP);
    expect(metrics().map((line) => line['RunsFailed'])).toEqual([1, 0]);
  });
});

test('the planner tells what an alarm needs the zeros of, and in its log line what no alarm reads', async () => {
  const { invoke, metrics, said } = await imported('planner');
  await invoke(SWEEP);
  expect(metrics()).toMatchObject([{ PlannerRuns: 1, PlannerBlocked: 0, cell: 'use1-a' }]);
  for (const metric of ['LagGenerations', 'PlansHeld', 'GoalGeneration'])
    expect(metrics()[0]).not.toHaveProperty(metric);
  expect(said()).toMatch(/"levels": ?\{\s*"GoalGeneration": ?0,\s*"AppliedGeneration": ?0\s*\}/);
});

test('the enactor tells what became of its run', async () => {
  const { invoke, metrics } = await imported('enactor');
  await invoke(SWEEP);
  expect(metrics()).toMatchObject([{ EnactorRuns: 1, RunsWithoutRoom: 0 }]);
});

test('a zone that is refused to the enactor fails its run, and what was counted before is kept with the cell', async () => {
  route53
    .on(ListResourceRecordSetsCommand)
    .rejects(Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
  const { invoke, metrics } = await imported('enactor');
  await expect(invoke(SWEEP)).rejects.toMatchObject({ name: 'ZoneUnavailable' });
  expect(metrics()).toMatchObject([
    { RunsFailed: 1, Route53Failures: 1, Route53Requests: 1, cell: 'use1-a' },
  ]);
  expect(metrics()[0]).not.toHaveProperty('EnactorRuns');
});

describe('a message of the queue of successors', () => {
  const message = (body: string) => ({ Records: [{ messageId: '1', body, eventSource: 'aws:sqs' }] });
  const ofCell = (cell: string, at = new Date()) => message(JSON.stringify({ cell, at: at.toISOString() }));

  test('has the enactor look at the cell', async () => {
    const { invoke, metrics } = await imported('enactor');
    expect(await invoke(ofCell('use1-a'))).toMatchObject({ type: 'idle' });
    expect(metrics()).toMatchObject([{ EnactorRuns: 1, cell: 'use1-a' }]);
  });

  test('is a hint alone: what it says beside the cell and the time is refused, and so is a cell that is not served', async () => {
    const { invoke } = await imported('enactor');
    expect(await invoke(ofCell('euw1-a'))).toMatchObject({ type: 'not-served' });
    const more = JSON.stringify({ cell: 'use1-a', at: new Date().toISOString(), deadline: 1 });
    await expect(invoke(message(more))).rejects.toMatchObject({ name: 'EventRefused' });
    await expect(invoke(message('{'))).rejects.toMatchObject({ name: 'EventRefused' });
    expect(route53.calls()).toHaveLength(0);
  });

  test('that lay too long ends at once', async () => {
    const { invoke } = await imported('enactor');
    expect(await invoke(ofCell('use1-a', new Date(0)))).toMatchObject({ type: 'out-of-date' });
    expect(dynamodb.calls()).toHaveLength(0);
  });

  test('is refused by the roles that stand by for nothing', async () => {
    const { invoke } = await imported('planner');
    await expect(invoke(ofCell('use1-a'))).rejects.toMatchObject({ name: 'EventRefused' });
    await expect(invoke({ cell: 'use1-a', mode: 'follow' })).rejects.toMatchObject({ name: 'EventRefused' });
  });
});

describe('the auditor', () => {
  test('starts with the clients that its stack names', async () => {
    const { invoke } = await imported('auditor', {
      ...functionEnvironment,
      PAWL_AUDIT_CLIENTS: '{"DE":"198.51.100.1"}',
    });
    expect(await invoke(SWEEP)).toMatchObject({ type: 'idle' });
  });

  test('does not start with clients that nobody can read, and names the variable', async () => {
    const wrong = { ...functionEnvironment, PAWL_AUDIT_CLIENTS: '{"DE":"nowhere"}' };
    await expect(imported('auditor', wrong)).rejects.toThrow('PAWL_AUDIT_CLIENTS');
    vi.stubEnv('PAWL_AUDIT_CLIENTS', undefined);
  });
});
