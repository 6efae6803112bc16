// @module-tag slow
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TargetHealthStateEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { storeAnchor } from '../../lib/ledger/verify-anchors.ts';
import { serveLedger } from '../../lib/local/ledger-server.ts';
import { startLocalWorld } from '../../lib/local/start-local-world.ts';
import { StartRefused } from '../../lib/local/start-refused.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { createLocalTable, localWorld } from '../../lib/wiring/local-world.ts';
import { CREDENTIALS } from '../support/dynalite.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldFacts } from '../wiring/world-facts.ts';
import type { WorldUnderTest } from './running-world.ts';
import { converged, quickSettings, startWorld } from './running-world.ts';
import { smallFleet, writeFleet } from './small-fleet.ts';

const ONE = cellName('one');

function resolver({ facts }: WorldUnderTest): Resolver {
  const asked = new Resolver();
  asked.setServers([`${facts.dns.host}:${facts.dns.port}`]);
  return asked;
}

/** What `pawl fleet push` does, from another process. */
async function push({ world }: WorldUnderTest, text: string): Promise<void> {
  const parsed = parseFleet(text, 'fleet.yaml');
  if (parsed.type === 'invalid') throw new Error(parsed.mistakes[0]?.message);
  const zoneIds = await world.zoneIds(parsed.fleet.cells.map(({ zone }) => zone));
  const resolved = resolveFleet(parsed.fleet, zoneIds);
  if (resolved.type !== 'resolved') throw new Error('zones are missing');
  const { clock, randomness, telemetry, operator: name } = world;
  const deps = { ledger: await world.ledger(), clock, randomness, telemetry, name };
  const outcome = await pushFleet(deps, { cells: resolved.cells, apply: true });
  expect(outcome.type).toBe('done');
}

/** The capacities that the zone's records of a tree were made from, by target. */
async function weights({ world }: WorldUnderTest, generation: number): Promise<Record<string, number>> {
  const ids = await world.zoneIds([dnsName('one.test')]);
  const zone = world.zone(ids.get(dnsName('one.test')) ?? '');
  const label = `g${String(generation).padStart(6, '0')}`;
  const name = dnsName(`${label}.api.one._pawl.one.test`);
  const { records } = await zone.listRecords({ name }, 10);
  return Object.fromEntries(
    records
      .filter((record) => record.name === name && record.type === 'A')
      .map(({ setIdentifier = '', weight = 0 }) => [setIdentifier, weight]),
  );
}

async function refusal(folder: string, fleetFile: string, change = {}): Promise<StartRefused> {
  const started = startLocalWorld({ ...quickSettings(folder, fleetFile), ...change });
  try {
    await (await started).stop();
  } catch (error) {
    if (error instanceof StartRefused) return error;
    throw error;
  }
  throw new Error('the world was started');
}

/** Whatever a start that was refused has left in the folder that another process would trip over. */
async function leftovers(folder: string): Promise<readonly string[]> {
  if (!existsSync(join(folder, '.pawl'))) return [];
  return (await readdir(join(folder, '.pawl'))).filter((file) => /lock|world/.test(file));
}

describe('a local world', () => {
  it('keeps the hash of every event beside its ledger, also of those that it missed, for verify', async () => {
    const folder = await temporaryFolder();
    const fleet = await writeFleet(folder, { cells: ['one'] });
    const file = join(folder, '.pawl', 'anchors.txt');
    const first = await startWorld(folder, fleet);
    await converged(first, 1);
    await first.stop();
    await rm(file);
    const { world, tellEvents } = await startWorld(folder, fleet);
    await tellEvents();
    const ledger = await world.ledger();
    const own = world.anchors?.own;
    if (own === undefined) throw new Error('a local world has anchors');
    const verified = async () => {
      const anchorsOf = async () => [await storeAnchor(own, ONE)];
      return (await verifyLedger({ ledger, anchorsOf }, ONE)).cells[0];
    };
    const { number } = await ledger.head(ONE);
    expect(await verified()).toMatchObject({
      problems: [],
      anchors: [{ anchor: `the file ${file}`, compared: number, without: 0 }],
    });
    await own.keep(ONE, { number: 2, hash: 'e'.repeat(64) });
    expect((await verified())?.problems).toMatchObject([{ what: expect.stringContaining('event 2 is not') }]);
  });

  it('brings a fleet to the name servers, and says what happened', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder, { cells: ['one', 'two'] }));
    const cells = await converged(world, 1);
    expect(cells.map(({ cell, names }) => [cell, names])).toEqual([
      ['one', ['api.one.test']],
      ['two', ['api.two.test']],
    ]);
    const dns = resolver(world);
    for (let query = 0; query < 10; query += 1) {
      const [address] = await dns.resolve4('api.one.test');
      expect(['192.0.2.1', '192.0.2.2']).toContain(address);
    }
    expect(await dns.resolve6('api.two.test')).toEqual(['2001:db8::1']);
    await expect(dns.resolve4('none.one.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await world.stop();
    const told = world.reports.flatMap((report) =>
      report.type === 'event' && report.event.cell === ONE ? [report.event] : [],
    );
    expect(told.map(({ number }) => number)).toEqual(told.map((_, index) => index + 1));
    // Two enactors may stage one tree, or say of one flip that it was made.
    expect([...new Set(told.map(({ event }) => event.type))]).toEqual([
      'FormatRaised',
      'FleetDeclared',
      'TargetsObserved',
      'PlanAppended',
      'PlanStaged',
      'PlanApplied',
    ]);
    expect(world.reports.filter(({ type }) => type === 'trouble')).toEqual([]);
  });

  it('is found by others through its folder as long as it runs', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder));
    await converged(world);
    const found = await localWorld(join(folder, '.pawl'));
    expect(found?.title).toBe(`local world of process ${process.pid} (${join(folder, '.pawl')})`);
    expect(await (await found?.ledger())?.cells()).toEqual(['one']);
    expect(found?.dns).toEqual(world.facts.dns);
    await found?.close();
    await world.stop();
    expect(await localWorld(join(folder, '.pawl'))).toBeUndefined();
    expect(await leftovers(folder)).toEqual([]);
    await world.stop();
  });

  it('goes on where it stopped', async () => {
    const folder = await temporaryFolder();
    const file = await writeFleet(folder);
    const first = await startWorld(folder, file);
    await converged(first, 1);
    const head = await (await first.world.ledger()).head(ONE);
    await first.stop();
    const second = await startWorld(folder, file);
    const [cell] = await converged(second, 1);
    expect(cell?.seq).toBe(head.state.applied?.seq);
    expect((await (await second.world.ledger()).head(ONE)).hash).toBe(head.hash);
    expect(await resolver(second).resolve4('api.one.test')).toHaveLength(1);
    await second.stop();
    expect(second.reports).toEqual([{ type: 'fleet', file, fleet: { type: 'unchanged' } }]);
  });

  it('has an auditor that wakes the enactors when somebody changes a zone by hand', async () => {
    const folder = await temporaryFolder();
    const { intervals } = quickSettings(folder, '');
    const hour = 3_600_000;
    const world = await startWorld(folder, await writeFleet(folder), {
      intervals: {
        ...intervals,
        sweepMs: { ...intervals.sweepMs, enactor: hour, janitor: hour, auditor: 100 },
      },
    });
    await converged(world, 1);
    const { state } = await (await world.world.ledger()).head(ONE);
    const zone = world.world.zone(state.fleet?.zoneId ?? '');
    const name = dnsName('api.one.test');
    const { records } = await zone.listRecords({ name, type: 'A' }, 1);
    const changes = records.map((record) => ({ action: 'DELETE' as const, record }));
    expect(changes).toHaveLength(1);
    await zone.change({ kind: 'scratch', changes, comment: 'by hand' });
    const told = () => world.reports.flatMap((report) => (report.type === 'event' ? [report.event] : []));
    await vi.waitFor(() => expect(told().map(({ event }) => event.type)).toContain('DriftRepaired'), {
      timeout: 15_000,
    });
    const found = told().find(({ event }) => event.type === 'DriftFound');
    expect(found).toMatchObject({ by: 'auditor', event: { count: 1, names: [name] } });
    expect(await resolver(world).resolve4(name)).toHaveLength(1);
  });

  it('observes targets by the source that the fleet names, and says so when that one is blind', async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const elb = mockClient(ElasticLoadBalancingV2Client);
    onTestFinished(() => elb.restore());
    const states = (...all: readonly TargetHealthStateEnum[]) => ({
      TargetHealthDescriptions: all.map((State) => ({ TargetHealth: { State } })),
    });
    elb.on(DescribeTargetHealthCommand).resolves(states('healthy', 'unhealthy'));
    const folder = await temporaryFolder();
    const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a-1/0123456789abcdef';
    const observed = `elbv2: { target_group: '${group}' }`;
    const world = await startWorld(folder, await writeFleet(folder, { observed }));
    await converged(world, 1);
    expect(await weights(world, 1)).toEqual({ 'a-1': 128, 'a-2': 255 });
    elb
      .on(DescribeTargetHealthCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDenied', $fault: 'client' }));
    await vi.waitFor(() => expect(world.reports.map(({ type }) => type)).toContain('found'), {
      timeout: 15_000,
    });
    expect(world.reports.filter(({ type }) => type === 'found')).toEqual([
      {
        type: 'found',
        role: 'planner',
        cell: ONE,
        what: 'the source elbv2 sees nothing: Elastic Load Balancing said nothing about any target (elasticloadbalancing:DescribeTargetHealth is denied for a-1)',
      },
    ]);
    elb.on(DescribeTargetHealthCommand).resolves(states('healthy', 'healthy'));
    await converged(world, 2);
    expect(await weights(world, 2)).toEqual({ 'a-1': 255, 'a-2': 255 });
  });

  it('plans and applies a fleet that is pushed while it runs', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder));
    await converged(world, 1);
    expect(await weights(world, 1)).toEqual({ 'a-1': 255, 'a-2': 255 });
    await push(world, smallFleet({ capacity: 50 }));
    await converged(world, 2);
    expect(await weights(world, 2)).toEqual({ 'a-1': 128, 'a-2': 255 });
  });

  it('says what is kept back, and stays at the goal before it', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder));
    await converged(world, 1);
    const careful = 'capacity_removed_percent: 10,';
    await push(world, smallFleet({ capacity: 50 }).replace('capacity_removed_percent: 100,', careful));
    await expect
      .poll(() => world.convergence(), { timeout: 10_000 })
      .toMatchObject([{ converged: false, waits: true, goal: 1, remark: 'api.one.test kept back' }]);
  });

  it('says that a looser policy waits for a person', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder));
    await converged(world, 1);
    await push(
      world,
      smallFleet().replace('capacity_removed_percent', 'blind_percent: 90, capacity_removed_percent'),
    );
    await expect
      .poll(() => world.convergence(), { timeout: 10_000 })
      .toMatchObject([{ converged: false, waits: true, remark: 'a looser policy waits for approval' }]);
  });

  it('pushes a file that was changed while no world ran', async () => {
    const folder = await temporaryFolder();
    const first = await startWorld(folder, await writeFleet(folder));
    await converged(first, 1);
    await first.stop();
    const second = await startWorld(folder, await writeFleet(folder, { capacity: 50 }));
    await converged(second, 2);
    expect(second.reports[0]).toMatchObject({ fleet: { type: 'pushed', cells: ['one'] } });
  });

  it('declares a first fleet at once whatever waves its file has, and leaves a changed one to a push', async () => {
    const folder = await temporaryFolder();
    const waves = 'rollout: { waves: [[one]], bake_s: 1 }\ncells:';
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, smallFleet().replace('cells:', waves));
    const first = await startWorld(folder, file);
    await converged(first, 1);
    expect(first.reports[0]).toMatchObject({ fleet: { type: 'pushed', cells: ['one'], without: 'waves' } });
    await first.stop();
    const changed = smallFleet({ capacity: 50 }).replace('cells:', waves);
    await writeFile(file, changed);
    const second = await startWorld(folder, file);
    await converged(second, 1);
    expect(second.reports[0]).toMatchObject({ fleet: { type: 'waits', cells: ['one'] } });
    await push(second, changed);
    await converged(second, 2);
    await second.stop();
    const third = await startWorld(folder, file);
    await converged(third, 2);
    expect(third.reports[0]).toMatchObject({ fleet: { type: 'unchanged' } });
  });

  it('keeps a fleet that was pushed after the file, and does not go back to the file', async () => {
    const folder = await temporaryFolder();
    const file = await writeFleet(folder);
    const first = await startWorld(folder, file);
    await converged(first, 1);
    await push(first, smallFleet({ capacity: 50 }));
    await converged(first, 2);
    await first.stop();
    const second = await startWorld(folder, file);
    await converged(second, 2);
    expect(second.reports[0]).toMatchObject({ fleet: { type: 'kept', cells: ['one'] } });
  });

  it('repairs what somebody changed in the zone by hand', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder));
    await converged(world, 1);
    const ids = await world.world.zoneIds([dnsName('one.test')]);
    const zone = world.world.zone(ids.get(dnsName('one.test')) ?? '');
    const { records } = await zone.listRecords({ name: dnsName('api.one.test') }, 1);
    const [root] = records;
    if (root === undefined) throw new Error('the root is not there');
    const changes = [{ action: 'DELETE', record: root } as const];
    expect((await zone.change({ kind: 'scratch', changes, comment: 'by hand' })).type).toBe('accepted');
    await expect
      .poll(async () => (await zone.listRecords({ name: dnsName('api.one.test') }, 1)).records[0], {
        timeout: 10_000,
      })
      .toEqual(root);
    await converged(world, 1);
  });
});

describe('a local world that cannot start', () => {
  it('refuses a second one on its folder, and is none the worse for it', async () => {
    const folder = await temporaryFolder();
    const file = await writeFleet(folder);
    const world = await startWorld(folder, file);
    const { message } = await refusal(folder, file);
    expect(message).toMatch(`A world of process ${process.pid} runs on the folder`);
    await converged(world, 1);
    expect((await localWorld(join(folder, '.pawl')))?.kind).toBe('local');
  });

  it('says which port is in use, and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const file = await writeFleet(folder);
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    onTestFinished(() => {
      tcp.close();
      udp.close();
    });
    const { port } = tcp.address() as AddressInfo;
    expect((await refusal(folder, file, { route53Port: port })).message).toMatch(
      `The port ${port} on 127.0.0.1, for Route 53, is in use: end what listens there, or give another --route53-port.`,
    );
    const dnsPort = udp.address().port;
    expect((await refusal(folder, file, { dnsPort })).message).toMatch(
      `The port ${dnsPort} on 127.0.0.1, for DNS`,
    );
    expect(await leftovers(folder)).toEqual([]);
    await converged(await startWorld(folder, file));
  });

  it('says what is wrong with the fleet file before it makes anything', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, smallFleet().replace('kind: addresses', 'kind: adresses').replace('use1-az1', '7'));
    const { message, details } = await refusal(folder, file);
    expect([message, ...details].join('\n')).toMatch(/fleet\.yaml:\d+:\d+: .*adresses/);
    expect(existsSync(join(folder, '.pawl'))).toBe(false);
    expect((await refusal(folder, join(folder, 'none.yaml'))).message).toMatch(/There is no such file/);
  });

  it.each([
    [
      'zone_id',
      'zone: one.test',
      'zone: one.test\n    zone_id: Z0123456789ABC',
      /the hosted zone Z0123456789ABC/,
    ],
    [
      'health check',
      'ipv4: 192.0.2.1 }',
      "ipv4: 192.0.2.1, health_check_id: 'abc-def' }",
      /the health check abc-def/,
    ],
  ])('refuses a %s that an emulated account does not have', async (_, before, after, sentence) => {
    const folder = await temporaryFolder();
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, smallFleet().replace(before, after));
    expect((await refusal(folder, file)).message).toMatch(sentence);
    expect(await leftovers(folder)).toEqual([]);
  });

  it('refuses a cell that would move to another zone', async () => {
    const folder = await temporaryFolder();
    const file = await writeFleet(folder);
    const world = await startWorld(folder, file);
    await converged(world, 1);
    await world.stop();
    await writeFile(file, smallFleet().replaceAll('one.test', 'another.test'));
    expect((await refusal(folder, file)).message).toMatch(/zone/);
    expect(await leftovers(folder)).toEqual([]);
  });

  it('refuses a ledger of another format', async () => {
    const folder = await temporaryFolder();
    const server = await serveLedger(join(folder, '.pawl', 'ledger'));
    await createLocalTable(worldFacts({ dynamodb: server.url }));
    const client = new DynamoDBClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: CREDENTIALS,
    });
    const Item = { pk: { S: 'LEDGER' }, sk: { S: 'IDENTITY' }, id: { S: '0a1b2c3d' }, format: { N: '99' } };
    await client.send(new PutItemCommand({ TableName: 'pawl', Item }));
    client.destroy();
    await server.close();
    const { message } = await refusal(folder, await writeFleet(folder));
    expect(message).toMatch(/holds a ledger of format 99, and this Pawl knows format/);
    expect(await leftovers(folder)).toEqual([]);
  });

  it('refuses zones that it cannot read', async () => {
    const folder = await temporaryFolder();
    const file = await writeFleet(folder);
    await (await startWorld(folder, file)).stop();
    await writeFile(join(folder, '.pawl', 'route53.json'), '{');
    expect((await refusal(folder, file)).message).toMatch(/route53\.json does not hold an emulator's zones/);
    expect(await leftovers(folder)).toEqual([]);
  });
});
