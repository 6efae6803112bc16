import { describe, expect, it } from 'vitest';
import { adoptCell, adoptEndpoint } from '../../lib/operator/adopt.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { newPlan, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  begin,
  convergedWorld,
  enactNow,
  eventsSince,
  fenceOf,
  order,
  roots,
  tamperFence,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');

const plain: RecordSet = { name: API, type: 'A', ttl: 300, values: ['198.51.100.7', '198.51.100.8'] };
const mail: RecordSet = { name: API, type: 'MX', ttl: 300, values: ['10 mail.example.test'] };

const adopting =
  (name = API, apply = true) =>
  (deps: OperatorZoneDeps) =>
    adoptEndpoint(deps, { cell: CELL, name, apply });

async function worldWithRecords(...foreign: readonly RecordSet[]): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: smallFleet(1), foreign });
  await world.plan();
  return world;
}

describe('adoptEndpoint', () => {
  it('lets the next flip replace what stood there, and leaves other types alone', async () => {
    const world = await worldWithRecords(plain, mail);
    expect(await enactNow(world, 'enactor-a')).toMatchObject({ type: 'blocked', endpoints: [{ name: API }] });
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', adopting())).toEqual({
      type: 'done',
      records: [plain],
      change: 'adopted',
    });
    expect(await eventsSince(world, number)).toEqual([
      { type: 'EndpointAdopted', name: API, was: ['A 300 198.51.100.7 198.51.100.8'] },
    ]);
    expect(world.records()).toContainEqual(plain);
    expect(await enactNow(world, 'enactor-b')).toMatchObject({ type: 'applied' });
    expect(answers(world, API)).toEqual(['192.0.2.1', '192.0.2.102']);
    expect(world.records()).toContainEqual(mail);
  });

  it('shows what stands there and writes nothing without apply', async () => {
    const world = await worldWithRecords(plain);
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', adopting(API, false))).toEqual({
      type: 'done',
      records: [plain],
      change: 'shown',
      healthReaders: { type: 'read', aliases: [] },
    });
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('says when the name is adopted already', async () => {
    const world = await worldWithRecords(plain);
    await order(world, 'ana', adopting());
    expect(await order(world, 'bo', adopting())).toMatchObject({ change: 'already' });
  });

  it('refuses a name that no fleet of the cell declares', async () => {
    const name = dnsName('else.example.test');
    const world = await worldWithRecords({ ...plain, name });
    expect(await order(world, 'ana', adopting(name))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('does not declare else.example.test'),
    });
  });

  it('refuses a name where nothing stands', async () => {
    const world = await worldWithRecords(mail);
    expect(await order(world, 'ana', adopting())).toEqual({
      type: 'refused',
      reason: expect.stringContaining('Nothing stands at api.example.test'),
    });
  });

  it('refuses a name whose records are another cell\u2019s', async () => {
    const world = await convergedWorld();
    const { zoneId } = world.scope;
    const cells = [
      { ...smallFleet(1), zoneId, endpoints: smallFleet(1).endpoints.slice(1) },
      { ...smallFleet(1), zoneId, cell: cellName('use1-b'), endpoints: smallFleet(1).endpoints.slice(0, 1) },
    ];
    expect(await order(world, 'ana', (deps) => pushFleet(deps, { cells, apply: true }))).toMatchObject({
      type: 'done',
    });
    const outcome = await order(world, 'bo', (deps) =>
      adoptEndpoint(deps, { cell: cellName('use1-b'), name: API, apply: true }),
    );
    expect(outcome).toEqual({ type: 'refused', reason: expect.stringContaining('belongs to cell use1-a') });
  });
});

describe('adoptCell', () => {
  const taking =
    (apply = true) =>
    (deps: OperatorZoneDeps) =>
      adoptCell(deps, { cell: CELL, apply });
  const theirs = (generation: number, frozen = 0) =>
    `"v1 gen=${generation} seq=40 plan=${'a'.repeat(12)} frozen=${frozen} ledger=0badcafe by=theirs n=theirs00"`;

  it('takes over a fence that is ahead, and the enactor goes on above it', async () => {
    const world = await convergedWorld();
    const before = roots(world);
    tamperFence(world, theirs(30));
    expect(await enactNow(world, 'enactor-a')).toMatchObject({ type: 'refused' });
    expect(await order(world, 'ana', taking())).toMatchObject({ type: 'done', change: 'adopted', seq: 41 });
    expect(fenceOf(world)).toMatchObject({ generation: 30, ledger: '5be1c07a', frozen: false });
    expect(await enactNow(world, 'enactor-b')).toMatchObject({ type: 'applied', generation: 31 });
    expect(roots(world)).toEqual(before);
  });

  it('takes over a fence that is behind, without lowering or raising it', async () => {
    const world = await convergedWorld();
    await newPlan(world, 2);
    tamperFence(world, theirs(1));
    expect(await order(world, 'ana', taking())).toMatchObject({ change: 'adopted' });
    expect(fenceOf(world).generation).toBe(1);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: 2 });
  });

  it('keeps it frozen', async () => {
    const world = await convergedWorld();
    tamperFence(world, theirs(1, 1));
    await order(world, 'ana', taking());
    expect(fenceOf(world)).toMatchObject({ frozen: true, ledger: '5be1c07a' });
  });

  it('shows whose it is without apply, and knows its own', async () => {
    const world = await convergedWorld();
    expect(await order(world, 'ana', taking())).toMatchObject({ change: 'already' });
    tamperFence(world, theirs(30));
    expect(await order(world, 'bo', taking(false))).toMatchObject({
      change: 'shown',
      fence: { ledger: '0badcafe', generation: 30 },
    });
    expect(fenceOf(world).ledger).toBe('0badcafe');
  });

  it('loses to a ledger that still writes', async () => {
    const world = await convergedWorld();
    tamperFence(world, theirs(30));
    await begin(world, 'ana', taking());
    await runUntil(world, 'ana', 'zone.change', /adopt/);
    tamperFence(world, theirs(31));
    expect(await finish(world, 'ana')).toEqual({
      type: 'refused',
      reason: expect.stringContaining('ledger 0badcafe still writes'),
    });
  });

  it('blames no role that writes when Route 53 refuses under a fence that nobody moved', async () => {
    const world = await convergedWorld();
    tamperFence(world, theirs(30));
    const outcome = await order(world, 'ana', (deps) => {
      const change = async () => ({ type: 'rejected', reason: 'InvalidChangeBatch: [protected]' }) as const;
      return taking()({ ...deps, writer: { ...deps.writer, zone: { ...deps.writer.zone, change } } });
    });
    expect(outcome).toEqual({ type: 'refused', reason: expect.stringContaining('[protected]') });
    expect(outcome).not.toMatchObject({ reason: expect.stringContaining('still writes') });
  });

  it('has nothing to take over where there is no fence', async () => {
    const world = await convergedWorld();
    tamperFence(world);
    expect(await order(world, 'ana', taking())).toMatchObject({ type: 'refused' });
  });
});
