// @module-tag slow
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { holdPeriod } from '../../lib/lease/hold-period.ts';
import { NEW_HOLDER } from '../../lib/lease/holder.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { runBake } from '../../lib/wiring/run-bake.ts';
import { stackRequest } from '../../lib/wiring/stack-answer.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { denied, deployedPolicies } from '../support/policy-evaluation.ts';
import { recordCalls } from '../support/recorded-calls.ts';
import { converge, fleetOf } from './alarm-obstacles.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { deployedWorld } from './deployed-world.ts';
import { faultyWire } from './faulty-wire.ts';
import { environments } from './resolved-template.ts';
import { CELLS, templateOf } from './synthesised.ts';

const template = templateOf();
const CELL = 'use1-a';

let world: DeployedWorld;

beforeEach(async () => {
  const { zone, zoneId } = CELLS[CELL];
  const scope = { cell: cellName(CELL), zone: dnsName(zone), zoneId };
  world = await deployedWorld({ template, cells: CELLS }, scope);
});

afterEach(async () => {
  await world.close();
});

describe('what a function calls', () => {
  test('is allowed to its role: a cell of which nobody has declared anything', async () => {
    for (const worker of ['planner', 'enactor-a', 'janitor', 'auditor']) await world.sweep(worker);
    expect(world.calls().filter(({ action }) => action === 'dynamodb:PutItem')).toEqual([]);
    expect(await world.denied()).toEqual([]);
  });

  test('is allowed to its role: a change after the other, and what it leaves behind', async () => {
    await converge(world);
    for (const last of [3, 4, 5]) {
      await world.declare(fleetOf(world.scope, last));
      for (const worker of ['planner', 'enactor-b', 'enactor-c']) await world.sweep(worker);
      world.letPass(last * 30);
      for (const worker of ['janitor', 'auditor']) await world.sweep(worker);
    }
    const writes = world.calls().filter(({ action }) => action === 'route53:ChangeResourceRecordSets');
    expect(new Set(writes.map(({ who }) => who))).toEqual(new Set(['enactor-a', 'enactor-b', 'janitor']));
    expect(await world.denied()).toEqual([]);
  });
});

describe('what is called about leases', () => {
  const zone = { cell: cellName(CELL), az: 'use1-az1' };
  const policies = deployedPolicies(template);

  test('is allowed to a holder, from its first period on, and a reader writes nothing', async () => {
    const { leases } = world;
    await leases.putTick(zone, { n: 1, at: Date.now(), seen: true, every: 60_000 }, undefined);
    const recorder = recordCalls();
    try {
      const holding = async (by: string) => {
        const request = { zone, group: 'rack-7', by, members: [255] };
        const deps = { leases, stopwatch: { elapsedMs: () => 0 } };
        const first = await holdPeriod(deps, request, NEW_HOLDER);
        return [first.outcome, (await holdPeriod(deps, request, first.memory)).outcome];
      };
      const held = { type: 'held', e: 1 };
      expect(await recorder.as('holder', () => holding('host-1'))).toEqual([held, held]);
      // One that has to read the row first.
      const others = { type: 'others', by: 'host-1' };
      expect(await recorder.as('holder', () => holding('host-2'))).toEqual([others, others]);
      await recorder.as('reader', () => leases.readRows(zone));
    } finally {
      recorder.stop();
    }
    const calls = recorder.calls();
    const verbs = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
    expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual(verbs);
    for (const kind of ['Holder', 'Operator'])
      expect(await denied(policies.ofPeople(kind), calls)).toEqual([]);
    const writes = calls.filter(({ action }) => action === 'dynamodb:PutItem');
    expect(await denied(policies.ofPeople('Reader'), calls)).toEqual(writes);
    expect(await denied(policies.ofFunction('EnactorA'), calls)).toEqual(calls);
  });
});

test('what the bake calls is allowed to its role', async () => {
  const wire = await faultyWire(undefined);
  const status =
    '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackStatus>UPDATE_IN_PROGRESS</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>';
  wire.break(async ({ body }) => ({ status: 200, body: body.includes('DescribeStacks') ? status : '{}' }));
  const surroundings = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
  for (const [name, value] of Object.entries({ ...surroundings, AWS_ENDPOINT_URL: wire.url }))
    vi.stubEnv(name, value);
  const request = stackRequest.parse({
    RequestType: 'Update',
    ResponseURL: 'https://answers.example.test/one',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/pawl/1',
    RequestId: 'request-1',
    LogicalResourceId: 'BakeResource',
  });
  const recorder = recordCalls();
  try {
    const bake = () => runBake(request, virtualClock(), environments(template).get('bake'));
    expect(await recorder.as('bake', bake)).toMatchObject({ says: expect.stringContaining('not run once') });
  } finally {
    recorder.stop();
    await wire.close();
    vi.unstubAllEnvs();
  }
  expect(recorder.calls().map(({ action }) => action)).toEqual([
    'cloudformation:DescribeStacks',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:GetMetricData',
  ]);
  expect(await denied(deployedPolicies(template).ofFunction('BakeWatcher'), recorder.calls())).toEqual([]);
});
