import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Change } from '@aws-sdk/client-route-53';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Abilities } from './abilities.ts';
import { probeAbilities } from './abilities.ts';
import type { AlarmInbox } from './alarm-inbox.ts';
import { alarmInbox } from './alarm-inbox.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { deployStack } from './deployed-stack.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { heldWire } from './held-wire.ts';
import type { Place, TestCell } from './place.ts';
import { openPlace } from './place.ts';
import type { Ended } from './programs.ts';
import { pawl } from './programs.ts';
import { steps } from './steps.ts';
import type { FleetDocument } from './test-fleet.ts';
import { exampleFleet, writeFleet } from './test-fleet.ts';
import type { ZoneContents } from './zone-contents.ts';
import { answersAt, differences, fenceOf, plain, zoneContents } from './zone-contents.ts';

// One deployment, through a day's work and through what goes wrong, step after step: every step begins where the one
// before left the zones. What a step says of a zone is what Route 53 lists, read by nothing of Pawl's.

interface CellLine {
  readonly cell: string;
  readonly condition: string;
  readonly goal: number;
  readonly applied: { readonly generation: number } | null;
  readonly fence: { readonly generation: number; readonly seq: number } | null;
}

const FOREIGN = { TTL: 300, Type: 'TXT' as const, ResourceRecords: [{ Value: '"nobody touches this"' }] };

const BALANCER_STEP = 'what turns unhealthy at the load balancer leaves the answers, and comes back';
const RINGING_STEP = 'and a queue that is subscribed to the topic is told of it';
const REWRITE_STEP = 'an event that somebody rewrites in the table rings, and verify names it';
const SWEEPS_STEP = 'without the hints the sweeps do the work';
const HELD_STEP = 'the batch of an older enactor, held back on the wire and sent late, changes nothing';

const isReal = (process.env['PAWL_REAL_ZONE'] ?? '') !== '';
/** A real Route 53 takes up to a minute until a change is INSYNC, and a step makes several. */
const PATIENCE_MS = isReal ? 400_000 : 60_000;
const SWEEP_AFTER_MS = 15_000;
const REWRITTEN_AGAIN_MS = 40_000;

let place: Place;
let stack: DeployedStack;
let fleet: FleetDocument;
let first: TestCell;
/** Where alarms arrive; none is needed of a real account, in which mail would be. */
let inbox: AlarmInbox | undefined;
/** Begun with the deployment, beside it: it asks 130 times, at the command line's own careful rate. */
let doctor: Promise<Ended>;
let abilities: Abilities;

const { step, skipped } = steps((need) => abilities(need));

interface Report {
  readonly verdict: string;
  readonly checks: readonly { readonly id: string; readonly severity: string; readonly result: string }[];
}

/** What doctor says of a place of our own, and the steps that cannot be done there; of others nobody knows beforehand. */
const KNOWN = {
  ministack: {
    verdict: 'limited',
    gaps: ['alias-missing-target', 'cname-clash', 'alias-order', 'batch-rule'],
    skipped: [],
  },
  localstack: { verdict: 'safe', gaps: [], skipped: [BALANCER_STEP, SWEEPS_STEP] },
  real: { verdict: 'safe', gaps: [], skipped: [BALANCER_STEP, RINGING_STEP, REWRITE_STEP, HELD_STEP] },
  endpoint: undefined,
} as const;

beforeAll(async () => {
  place = await openPlace();
  const [cell] = place.cells;
  if (cell === undefined) throw new Error('there is no cell');
  first = cell;
  await change(first.zoneId, [
    { Action: 'CREATE', ResourceRecordSet: { Name: `foreign.${first.zone}`, ...FOREIGN } },
  ]);
  abilities = probeAbilities(place);
  doctor = pawl(place.environment, '--table', 'none', '--json', 'doctor', '--zone', first.zone);
  stack = await deployStack(place);
  const [topic] = stack.resources('AWS::SNS::Topic');
  if (place.kind !== 'real') inbox = await alarmInbox(topic?.PhysicalResourceId ?? '');
  fleet = await exampleFleet(place.cells);
});

afterAll(async () => {
  // What is left in a real account, the run that began this removes (test/aws/real/real-run.ts).
  inbox?.end();
  await stack?.end();
  await place?.end();
});

describe('deployed, and operated with the command line', () => {
  step(
    'the doctor finds what the fence rests on, and the gaps that this endpoint is known for',
    { standsAlone: true },
    async () => {
      const { out, err } = await doctor;
      const report = JSON.parse(out) as Report;
      const gaps = report.checks.filter(({ result }) => result !== 'holds').map(({ id }) => id);
      const known = KNOWN[place.kind];
      if (known !== undefined)
        expect([report.verdict, gaps.sort()]).toEqual([known.verdict, [...known.gaps].sort()]);
      else process.stdout.write(`\ndoctor: ${report.verdict}; what does not hold: ${gaps.join(', ')}\n`);
      const broken = report.checks.filter(
        ({ severity, result }) => severity === 'fence' && result !== 'holds',
      );
      expect(
        broken.map(({ id }) => id),
        `Pawl cannot work on this Route 53: nothing that follows can pass.\n${err}`,
      ).toEqual([]);
      expect((await contents()).lines).toEqual(
        expect.arrayContaining([expect.stringContaining(`foreign.${first.zone}`)]),
      );
    },
  );

  step('a fleet for a cell that is not deployed is refused, and nothing is declared', {}, async () => {
    const elsewhere = { ...fleet, cells: { 'usw2-a': fleet.cells[first.cell] } } as FleetDocument;
    const file = await writeFleet(join(stack.folder, 'elsewhere.yaml'), elsewhere);
    const { err } = await stack.pawl(['fleet', 'push', file, '--yes'], 1);
    expect(err).toContain('usw2-a is not deployed');
    expect((await stack.ask<{ cells: readonly CellLine[] }>('status')).cells).toEqual([]);
  });

  step('the example fleet is pushed, and every root converges through the functions', {}, async () => {
    await push();
    for (const cell of place.cells) await converged(cell, 1);
    const apiAnswers = answersAt(await contents(), `api.${first.zone}`, 'A');
    expect(apiAnswers.map(({ weight, values }) => [values[0], weight])).toEqual([
      ['192.0.2.10', 128],
      ['192.0.2.11', 128],
      ['192.0.2.12', 191],
      ['192.0.2.13', 191],
      ['192.0.2.14', 255],
      ['192.0.2.15', 255],
    ]);
    const shop = answersAt(await contents(), `shop.${first.zone}`, 'A');
    expect(shop).toHaveLength(3);
  });

  step(BALANCER_STEP, { needs: ['emulator', 'load balancers'] }, async () => {
    const client = new ElasticLoadBalancingV2Client({});
    const { TargetGroups } = await client.send(
      new CreateTargetGroupCommand({
        Name: 'pawl-api-1',
        Protocol: 'HTTP',
        Port: 80,
        TargetType: 'ip',
        VpcId: 'vpc-00000001',
      }),
    );
    const arn = TargetGroups?.[0]?.TargetGroupArn;
    const members = { TargetGroupArn: arn, Targets: [{ Id: '10.0.0.10', Port: 80 }] };
    await client.send(new RegisterTargetsCommand(members));
    const target = fleet.cells[first.cell]?.targets['api-1'] ?? {};
    target['elbv2'] = { target_group: arn };
    await push();
    await stack.sweep('Planner', first.cell);
    await client.send(new DeregisterTargetsCommand(members));
    await stack.sweep('Planner', first.cell);
    await until(async () => expect(await apiAddresses()).not.toContain('192.0.2.10'));
    await client.send(new RegisterTargetsCommand(members));
    await stack.sweep('Planner', first.cell);
    await until(async () => expect(await apiAddresses()).toContain('192.0.2.10'));
    client.destroy();
    delete target['elbv2'];
    await push();
    await settled();
  });

  step(
    'a drained target leaves at once, an evacuated zone too, and a rollback brings an earlier answer back',
    {},
    async () => {
      await takeOut('target', 'drain', 'api-2');
      await until(async () => expect(await apiAddresses()).not.toContain('192.0.2.11'));
      const drained = await settled();
      await takeOut('evacuate', 'use1-az2');
      await until(async () =>
        expect(await apiAddresses()).toEqual(['192.0.2.10', '192.0.2.14', '192.0.2.15']),
      );
      await settled();
      await stack.pawl(['rollback', first.cell, '--to', String(drained.goal), '--yes']);
      await until(async () => expect(await apiAddresses()).toContain('192.0.2.12'));
      await settled('paused');
      await stack.pawl(['restore', 'use1-az2', '--cell', first.cell, '--yes']);
      await stack.pawl(['target', 'restore', 'api-2', '--cell', first.cell, '--yes']);
      await stack.pawl(['resume', first.cell]);
      await until(async () => expect(await apiAddresses()).toHaveLength(6));
      await settled();
    },
  );

  step('a freeze stops a change in flight, and a thaw lets it through', {}, async () => {
    await takeOut('target', 'drain', 'api-3');
    await stack.pawl(['freeze', first.cell, '--reason', 'the test says so']);
    const frozen = await contents();
    expect(fenceOf(frozen, first.cell, first.zone)).toContain('frozen=1');
    await takeOut('target', 'drain', 'api-4');
    for (const role of ['EnactorA', 'EnactorB', 'EnactorC'] as const) {
      expect(await stack.sweep(role, first.cell)).toMatchObject({ type: 'frozen' });
    }
    expect((await contents()).lines).toEqual(frozen.lines);
    await stack.pawl(['thaw', first.cell]);
    await stack.sweep('EnactorA', first.cell);
    await until(async () =>
      expect(await apiAddresses()).toEqual(['192.0.2.10', '192.0.2.11', '192.0.2.14', '192.0.2.15']),
    );
    for (const target of ['api-3', 'api-4'])
      await stack.pawl(['target', 'restore', target, '--cell', first.cell, '--yes']);
    await until(async () => expect(await apiAddresses()).toHaveLength(6));
    await settled();
  });

  /** Takes a root and a leaf away and points the root at an older tree, as a hand would; then has the zone audited. */
  async function tamperAndAudit(): Promise<{ readonly type?: string }> {
    const before = await contents();
    const [root, leaf] = [rootOf(before), leafOf(before)];
    const older = treesOf(before).find((tree) => tree !== plain(root.AliasTarget?.DNSName));
    await change(first.zoneId, [
      { Action: 'DELETE', ResourceRecordSet: leaf },
      { Action: 'DELETE', ResourceRecordSet: root },
      ...(older === undefined
        ? []
        : [
            create({
              ...root,
              AliasTarget: {
                ...root.AliasTarget,
                DNSName: older,
                HostedZoneId: first.zoneId,
                EvaluateTargetHealth: false,
              },
            }),
          ]),
    ]);
    return (await stack.sweep('Auditor', first.cell)) as { readonly type?: string };
  }

  step(
    'a root, a tree and a fence that somebody tampered with are repaired, and the regression alarm rings',
    {},
    async () => {
      const bridge = embeddedMetrics(logGroups());
      const before = await contents();
      const fence = fenceRecord(before);
      // Schedules fire meanwhile: an enactor that sweeps before the auditor has repaired what this one should find.
      let found = await tamperAndAudit();
      for (let again = 0; again < 3 && found.type === 'clean'; again += 1) {
        expect(differences(await plan(first.cell), await contents())).toEqual([]);
        found = await tamperAndAudit();
      }
      expect(found).toMatchObject({ type: expect.stringMatching(/regressed|drift/) });
      await stack.sweep('EnactorB', first.cell);
      await until(async () => expect(differences(await plan(first.cell), await contents())).toEqual([]));
      const value = fence.ResourceRecords?.[0]?.Value ?? '';
      const now = fenceRecord(await contents());
      await change(first.zoneId, [
        { Action: 'DELETE', ResourceRecordSet: now },
        create({ ...fence, ResourceRecords: [{ Value: value.replace(/gen=\d+ seq=\d+/, 'gen=1 seq=1') }] }),
      ]);
      await stack.sweep('EnactorC', first.cell);
      await settled();
      await until(async () => {
        if (place.kind !== 'real') await bridge();
        expect(await alarmState(`${first.cell}.Regression`)).toBe('ALARM');
      }, 180_000);
    },
  );

  // Real is that the stack's alarm has the stack's topic for its action, that its metric is what the functions counted,
  // and that what is published there arrives. An emulator judges no topic policy: test/infrastructure/messages.test.ts does.
  step(RINGING_STEP, { needs: ['emulator'] }, async () => {
    await until(async () => expect(await inbox?.rung()).toContain(`${stack.name}.${first.cell}.Regression`));
  });

  step(REWRITE_STEP, { needs: ['emulator'] }, async () => {
    const bridge = embeddedMetrics(logGroups());
    const client = new DynamoDBClient({});
    const table = stack
      .resources('AWS::DynamoDB::GlobalTable')
      .find(({ LogicalResourceId }) => LogicalResourceId?.startsWith('LedgerTable'));
    const key = { pk: { S: `CELL#${first.cell}` }, sk: { S: 'EVENT#000000000001' } };
    const item = { TableName: table?.PhysicalResourceId, Key: key };
    const { Item: before } = await client.send(new GetItemCommand({ ...item, ConsistentRead: true }));
    const rewrite = (by: string | undefined) =>
      client.send(
        new UpdateItemCommand({
          ...item,
          UpdateExpression: 'SET #by = :by',
          ExpressionAttributeNames: { '#by': 'by' },
          ExpressionAttributeValues: { ':by': { S: by ?? '' } },
        }),
      );
    await rewrite('somebody-else');
    const { out } = await stack.pawl(['verify', first.cell], 1);
    expect(out).toMatch(/event 1\b/);
    let rewritten = Date.now();
    await until(async () => {
      await bridge();
      // An emulator's stream may lose a record whose function's process has just ended; the stream of AWS tries again.
      if (Date.now() > rewritten + REWRITTEN_AGAIN_MS) {
        rewritten = Date.now();
        await rewrite(`somebody-else-${rewritten}`);
      }
      expect(await alarmState('LedgerRewritten')).toBe('ALARM');
    }, 180_000);
    await rewrite(before?.['by']?.S);
    await stack.pawl(['verify', first.cell]);
    client.destroy();
  });

  step(SWEEPS_STEP, { needs: ['schedules'] }, async () => {
    await stack.hints(false);
    await takeOut('target', 'drain', 'api-5');
    await until(async () => expect(await apiAddresses()).not.toContain('192.0.2.14'), 170_000);
    await stack.hints(true);
    await stack.pawl(['target', 'restore', 'api-5', '--cell', first.cell, '--yes']);
    await until(async () => expect(await apiAddresses()).toContain('192.0.2.14'), 170_000);
    await settled();
  });

  step(HELD_STEP, { needs: ['emulator'] }, async () => {
    const wire = await heldWire(route53Url(), 'pawl flip');
    const slow = { ...place.environment, AWS_ENDPOINT_URL_ROUTE_53: wire.url };
    await stack.hints(false);
    let late: Promise<Ended> | undefined;
    // A scheduled sweep may come first and leave the older enactor nothing to send: then once more.
    for (let attempt = 0; wire.held() === 0 && attempt < 5; attempt += 1) {
      if (attempt > 0) {
        await stack.pawl(['target', 'restore', 'api-1', '--cell', first.cell, '--yes']);
        await stack.sweep('Planner', first.cell);
        await stack.sweep('EnactorA', first.cell);
      }
      await takeOut('target', 'drain', 'api-1');
      let ended: Ended | undefined;
      late = pawl(slow, '--stack', stack.name, 'enact', first.cell, '--within', '30');
      void late.then((result) => {
        ended = result;
      });
      await until(async () => expect(wire.held() > 0 || ended !== undefined).toBe(true));
    }
    expect(wire.held()).toBeGreaterThan(0);
    await stack.sweep('EnactorA', first.cell);
    await stack.pawl(['target', 'restore', 'api-1', '--cell', first.cell, '--yes']);
    await stack.sweep('Planner', first.cell);
    await stack.sweep('EnactorB', first.cell);
    const after = await settled();
    const zone = await contents();
    const answers = await wire.release();
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    expect(answers.length).toBeGreaterThan(0);
    expect((await contents()).lines).toEqual(zone.lines);
    expect((await late)?.out).not.toContain(`applied @${after.goal - 1}`);
    await wire.end();
    await stack.hints(true);
  });

  step('changed functions are deployed while plans flow', {}, async () => {
    let isDeployed = false;
    let plans = 0;
    const flow = async () => {
      while (!isDeployed) {
        await takeOut('target', 'drain', 'web-1');
        await stack.pawl(['target', 'restore', 'web-1', '--cell', first.cell, '--yes']);
        plans += 2;
      }
    };
    const deployed = stack.deploy({ insyncPollMs: 100 }).finally(() => {
      isDeployed = true;
    });
    await Promise.all([deployed, flow()]);
    expect(plans).toBeGreaterThan(0);
    await settled();
    expect(answersAt(await contents(), first.zone, 'A')).toHaveLength(4);
    await stack.pawl(['verify']);
  });

  step('the stack is deleted by its name, and the zones still answer', {}, async () => {
    const before = await Promise.all(place.cells.map(({ zoneId }) => zoneContents(zoneId)));
    const plans = await Promise.all(place.cells.map(({ cell }) => plan(cell)));
    await stack.delete();
    for (const [index, { zoneId }] of place.cells.entries()) {
      const now = await zoneContents(zoneId);
      expect(now.lines).toEqual(before[index]?.lines);
      const planned = plans[index];
      if (planned !== undefined) expect(differences(planned, now)).toEqual([]);
    }
    expect((await contents()).lines).toContainEqual(expect.stringContaining('nobody touches this'));
    const { exit } = await pawl(place.environment, '--stack', stack.name, 'status');
    expect(exit).toBe(2);
  });

  step('what was left out is what this place is known for', { standsAlone: true }, async () => {
    const known = KNOWN[place.kind];
    if (known !== undefined) expect(skipped()).toEqual(known.skipped);
  });
});

/**
 * Where the functions of the stack may log: the groups that it gives them, and the ones that Lambda makes by itself, which
 * LocalStack writes to whatever a function is told.
 */
function logGroups(): readonly string[] {
  const names = (type: string) =>
    stack.resources(type).flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []);
  return [
    ...names('AWS::Logs::LogGroup'),
    ...names('AWS::Lambda::Function').map((name) => `/aws/lambda/${name}`),
  ];
}

function route53Url(): string {
  const { AWS_ENDPOINT_URL_ROUTE_53: own, AWS_ENDPOINT_URL: all } = place.environment;
  return own ?? all ?? '';
}

async function push(): Promise<void> {
  const file = await writeFleet(join(stack.folder, 'fleet.yaml'), fleet);
  await stack.pawl(['fleet', 'push', file, '--yes']);
}

function plan(cell: string) {
  return stack.ask<Parameters<typeof differences>[0]>('plan', 'show', cell);
}

function contents(): Promise<ZoneContents> {
  return zoneContents(first.zoneId);
}

async function apiAddresses(): Promise<readonly string[]> {
  return answersAt(await contents(), `api.${first.zone}`, 'A').flatMap(({ values }) => values);
}

/** The first cell at its goal, and the zone as the newest plan says. After a rollback its planner is `paused`. */
function settled(condition = 'converged'): Promise<CellLine> {
  return converged(first, 1, condition);
}

async function converged(
  { cell, zoneId }: TestCell,
  generation: number,
  condition = 'converged',
): Promise<CellLine> {
  let line: CellLine | undefined;
  await until(async () => {
    const { cells } = await stack.ask<{ cells: readonly CellLine[] }>('status');
    line = cells.find((each) => each.cell === cell);
    expect(line).toMatchObject({ condition });
    expect(line?.applied?.generation).toBeGreaterThanOrEqual(generation);
    expect(differences(await plan(cell), await zoneContents(zoneId))).toEqual([]);
  });
  if (line === undefined) throw new Error('there is no such cell');
  return line;
}

/**
 * Takes something out, and lets go what that keeps back: the steps follow each other faster than a policy's window. What
 * was shown may have gone by itself before it is approved, once an earlier change has left the window.
 */
async function takeOut(...verb: readonly string[]): Promise<void> {
  await stack.ask(...verb, '--cell', first.cell, '--yes', '--hold');
  await stack.sweep('Planner', first.cell);
  const approve = ['plan', 'approve', first.cell] as const;
  await until(async () => {
    const { digest } = await stack.ask<{ readonly digest: string | null }>(...approve, '--dry-run');
    if (digest !== null) await stack.pawl([...approve, '--digest', digest, '--yes']);
  });
}

/** Looks again until it holds. */
async function until(check: () => Promise<void>, withinMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + withinMs;
  let nextSweep = Date.now() + SWEEP_AFTER_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(500);
    }
    if (Date.now() < nextSweep) continue;
    nextSweep = Date.now() + SWEEP_AFTER_MS;
    await sweepInTheirPlace();
  }
}

/** A hint may be lost, and liveness rests on sweeps: where no schedule fires, here is who keeps the time. */
async function sweepInTheirPlace(): Promise<void> {
  if ((await abilities('schedules')) === undefined) return;
  for (const role of ['Planner', 'EnactorA'] as const)
    for (const { cell } of place.cells) await stack.sweep(role, cell);
}

async function change(zoneId: string, changes: Change[]): Promise<void> {
  const client = new Route53Client({});
  await client.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } }),
  );
  client.destroy();
}

type Records = ZoneContents['records'];

function create(record: Change['ResourceRecordSet']): Change {
  return { Action: 'CREATE', ResourceRecordSet: record };
}

function found(record: Records[number] | undefined, what: string): Records[number] {
  if (record === undefined) throw new Error(`there is no ${what}`);
  return record;
}

function rootOf({ records }: ZoneContents): Records[number] {
  return found(
    records.find(({ Name, Type }) => plain(Name) === `api.${first.zone}` && Type === 'A'),
    'root',
  );
}

/** Trees of api in the zone, the one it points at and older ones. */
function treesOf({ records }: ZoneContents): readonly string[] {
  const name = new RegExp(`^g\\d+\\.api\\.${first.cell}\\._pawl\\.`);
  return [...new Set(records.map(({ Name }) => plain(Name)).filter((each) => name.test(each)))];
}

function leafOf(zone: ZoneContents): Records[number] {
  const tree = plain(rootOf(zone).AliasTarget?.DNSName);
  return found(
    zone.records.find(({ Name, Type }) => plain(Name) === tree && Type === 'A'),
    'leaf',
  );
}

function fenceRecord({ records }: ZoneContents): Records[number] {
  const name = `fence.${first.cell}._pawl.${first.zone}`;
  return found(
    records.find(({ Name }) => plain(Name) === name),
    'fence',
  );
}

/** The state of an alarm of the stack's, by its name in it. */
async function alarmState(name: string): Promise<string | undefined> {
  const client = new CloudWatchClient({});
  const AlarmNames = [`${stack.name}.${name}`];
  const { MetricAlarms: [alarm] = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames }));
  // LocalStack looks at an alarm once a period, which is minutes: when it is put, it looks at once.
  if (place.kind === 'localstack' && alarm !== undefined && alarm.StateValue !== 'ALARM')
    await client.send(
      new PutMetricAlarmCommand({
        ...alarm,
        AlarmName: alarm.AlarmName,
        EvaluationPeriods: alarm.EvaluationPeriods,
        ComparisonOperator: alarm.ComparisonOperator,
      }),
    );
  client.destroy();
  return alarm?.StateValue;
}
