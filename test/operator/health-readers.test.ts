import { describe, expect, it } from 'vitest';
import { adoptEndpoint } from '../../lib/operator/adopt.ts';
import type { HealthReaders } from '../../lib/operator/health-readers.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { enactNow, order } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

const adopting =
  (name = API, apply = false) =>
  (deps: OperatorZoneDeps) =>
    adoptEndpoint(deps, { cell: CELL, name, apply });

/** A fleet of `api` and `web` is planned, and api is taken by a record with a health check; these stand beside it. */
async function worldWith(
  others: (zoneId: string, check: string) => readonly RecordSet[],
): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: smallFleet(1) });
  await world.plan();
  const config = { Type: 'TCP', IPAddress: '192.0.2.1', Port: '443' };
  const { id } = world.route53.createHealthCheck({ callerReference: 'api', config });
  const { zoneId } = world.scope;
  const records = [checked(API, id), ...others(zoneId, id)];
  // Route 53 creates no alias of a name that is not there.
  for (const record of records) world.tamper([create(record)]);
  return world;
}

function checked(name: RecordSet['name'], healthCheckId: string, more: Partial<RecordSet> = {}): RecordSet {
  return { name, type: 'A', ttl: 60, values: ['198.51.100.7'], healthCheckId, ...more };
}

/** An alias, which goes by the health of its target unless told otherwise. */
function aliasTo(
  target: RecordSet['name'],
  zoneId: string,
  more: Partial<RecordSet> & Pick<RecordSet, 'name'>,
): RecordSet {
  return { type: 'A', alias: { zoneId, name: target, evaluateTargetHealth: true }, ...more };
}

const WWW = dnsName('www.example.test');
const FIRST = { name: WWW, setIdentifier: 'near', routing: { Failover: 'PRIMARY' } };
const SECOND = { name: WWW, setIdentifier: 'far', routing: { Failover: 'SECONDARY' } };
const spare: RecordSet = { ...SECOND, type: 'A', ttl: 60, values: ['198.51.100.8'] };

async function readersIn(world: SimulatedWorld, name = API, who = 'ana'): Promise<HealthReaders | undefined> {
  const outcome = await order(world, who, adopting(name));
  if (outcome.type !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.healthReaders;
}

describe('a preview of the adoption of a name', () => {
  it('names the routed alias elsewhere that loses its failover', async () => {
    const world = await worldWith((zoneId) => [aliasTo(API, zoneId, FIRST), spare]);
    expect(await readersIn(world)).toEqual({
      type: 'read',
      aliases: [{ name: WWW, type: 'A', setIdentifier: 'near' }],
    });
  });

  it('names each alias of several sets, and the plain one by which a routed one goes', async () => {
    const inner = dnsName('inner.example.test');
    const world = await worldWith((zoneId) => [
      aliasTo(API, zoneId, { name: inner }),
      aliasTo(inner, zoneId, FIRST),
      spare,
      aliasTo(API, zoneId, { name: dnsName('by-share.example.test'), setIdentifier: 'a', weight: 1 }),
      aliasTo(API, zoneId, { name: dnsName('by-share.example.test'), setIdentifier: 'b', weight: 9 }),
    ]);
    expect(await readersIn(world)).toEqual({
      type: 'read',
      aliases: [
        { name: 'by-share.example.test', type: 'A', setIdentifier: 'a' },
        { name: 'by-share.example.test', type: 'A', setIdentifier: 'b' },
        { name: 'inner.example.test', type: 'A', setIdentifier: undefined },
      ],
    });
  });

  it('names none that does not go by its health or that has nothing beside it', async () => {
    const world = await worldWith((zoneId) => [
      aliasTo(API, zoneId, { ...FIRST, alias: { zoneId, name: API, evaluateTargetHealth: false } }),
      spare,
      aliasTo(API, zoneId, { name: dnsName('alone.example.test') }),
    ]);
    expect(await readersIn(world)).toEqual({ type: 'read', aliases: [] });
  });

  it('names none where nothing at the name can fail', async () => {
    const world = await worldWith((zoneId) => [
      { name: WEB, type: 'A', ttl: 60, values: ['198.51.100.9'] },
      aliasTo(WEB, zoneId, FIRST),
      spare,
    ]);
    expect(await readersIn(world, WEB)).toEqual({ type: 'read', aliases: [] });
  });

  it('names none that is adopted along', async () => {
    const world = await worldWith((zoneId) => [
      aliasTo(API, zoneId, { ...FIRST, name: WEB }),
      { ...spare, name: WEB },
    ]);
    expect(await readersIn(world)).toMatchObject({ aliases: [{ name: WEB }] });
    expect(await order(world, 'bo', adopting(WEB, true))).toMatchObject({ change: 'adopted' });
    expect(await readersIn(world, API, 'cy')).toEqual({ type: 'read', aliases: [] });
  });

  it('names no root and no tree of a cell, although those evaluate health', async () => {
    const world = await worldWith((zoneId) => {
      const tree = dnsName('g000009.web.use1-b._pawl.example.test');
      return [
        aliasTo(API, zoneId, { ...FIRST, name: tree }),
        { ...spare, name: tree },
        aliasTo(tree, zoneId, { name: dnsName('of-another-cell.example.test') }),
      ];
    });
    await enactNow(world, 'enactor');
    expect(world.records().some(({ name, alias }) => name === WEB && alias !== undefined)).toBe(true);
    expect(await readersIn(world)).toEqual({ type: 'read', aliases: [] });
  });

  it('is shown all the same where the zone cannot be listed, and says so', async () => {
    const world = await worldWith((zoneId) => [aliasTo(API, zoneId, FIRST), spare]);
    const outcome = await order(world, 'ana', (deps) => {
      const { zone } = deps.writer;
      const listRecords: typeof zone.listRecords = async (start, limit) => {
        if (start.name !== API) throw new ZoneUnavailable('The zone cannot be listed.');
        return zone.listRecords(start, limit);
      };
      return adopting()({ ...deps, writer: { ...deps.writer, zone: { ...zone, listRecords } } });
    });
    expect(outcome).toMatchObject({
      type: 'done',
      change: 'shown',
      records: [{ name: API }],
      healthReaders: { type: 'unread', reason: 'The zone cannot be listed.' },
    });
  });

  it('is no part of the adoption itself, which lists nothing but the name', async () => {
    const world = await worldWith((zoneId) => [aliasTo(API, zoneId, FIRST), spare]);
    expect(await order(world, 'ana', adopting(API, true))).not.toHaveProperty('healthReaders');
  });
});
