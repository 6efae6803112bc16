import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { create, hasUnknownRouting, remove } from '../../lib/plan/records.ts';
import { recordsAt } from '../../lib/zone/read-records.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import type { ObstructedZone } from '../support/obstacles.ts';
import {
  deleteHealthCheck,
  limitRecords,
  makeHealthCheck,
  protect,
  putBesideHostname,
  putForeignAddress,
  putUnknownRouting,
  unprotect,
  withAliasOfRoot,
} from '../support/obstacles.ts';
import {
  protectOverHttp,
  putUnknownRoutingOverHttp,
  unprotectOverHttp,
} from '../support/obstacles-over-http.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { emulatedWorld, plant } from '../zone/emulated-world.ts';
import { openEmulated, openInProcess, openOverHttp } from './zone-adapters.ts';
import type { ZoneUnderContract } from './zone-contract.ts';

const API = dnsName('api.example.test');
const address: RecordSet = { name: API, type: 'A', ttl: 60, values: ['192.0.2.1'] };
const other: RecordSet = { ...address, name: dnsName('web.example.test') };
const cname: RecordSet = { ...address, type: 'CNAME', values: ['lb.example.org.'] };

describe.each([
  ['on the core', openEmulated],
  ['on the SDK in process', openInProcess],
  ['on the SDK over HTTP', openOverHttp],
] as const)('an obstacle, seen through the zone port %s', (_adapter, open) => {
  let world: ZoneUnderContract;
  let place: ObstructedZone;

  beforeEach(async () => {
    world = await open();
    place = { core: world.core, zoneId: world.zone.id };
  });
  afterEach(() => world.close());

  const send = (...changes: readonly Change[]) =>
    world.zone.change({ kind: 'scratch', changes, comment: 'obstacles' });
  const at = async (name = API) => (await recordsAt(world.zone, name)).records;

  it('a record that is not adopted refuses the one that would take its place', async () => {
    const foreign = putForeignAddress(place, API);
    expect(await send(create(address))).toMatchObject({ type: 'rejected' });
    expect(await at()).toEqual([foreign]);
  });

  it.each(['TXT', 'NS'] as const)(
    'a %s at the name of a hostname endpoint refuses its CNAME',
    async (type) => {
      const beside = putBesideHostname(place, API, type);
      expect(await send(create(cname))).toMatchObject({ type: 'rejected' });
      expect(await at()).toEqual([beside]);
    },
  );

  it('a health check that is gone leaves what stands, refuses what names it, and lets it be deleted', async () => {
    const healthCheckId = makeHealthCheck(place);
    const leaf = { ...address, setIdentifier: 'one', weight: 1, healthCheckId };
    await plant(world.zone, [leaf]);
    deleteHealthCheck(place, healthCheckId);
    expect(await at()).toEqual([leaf]);
    const refusal = { type: 'rejected', reason: expect.stringContaining('NoSuchHealthCheck') };
    expect(await send(create({ ...leaf, setIdentifier: 'two' }))).toMatchObject(refusal);
    expect(await send(remove(leaf), create(leaf))).toMatchObject(refusal);
    expect(await at()).toEqual([leaf]);
    expect(await send(remove(leaf))).toMatchObject({ type: 'accepted' });
    expect(await at()).toEqual([]);
  });

  it('an alias of a root that the same batch makes is refused before it, and accepted after it', async () => {
    const alias = { zoneId: world.zone.id, name: other.name, evaluateTargetHealth: false };
    const inZone: RecordSet = { name: API, type: 'A', alias };
    expect(await send(create(inZone))).toMatchObject({ type: 'rejected' });
    expect(await send(create(inZone), create(other))).toMatchObject({ type: 'rejected' });
    expect(await send(create(other), create(inZone))).toMatchObject({ type: 'accepted' });
  });

  it('a protection refuses the whole batch until it is lifted', async () => {
    await plant(world.zone, [address]);
    protect(place, API, 'A');
    for (const batch of [
      [remove(address)],
      [remove(address), create(address)],
      [create(other), remove(address), create({ ...address, ttl: 61 })],
      [create({ ...address, setIdentifier: 'one', weight: 1 })],
    ]) {
      expect(await send(...batch)).toMatchObject({
        type: 'rejected',
        reason: expect.stringMatching(/^InvalidChangeBatch: .*protected by hand/),
      });
    }
    expect([...(await at()), ...(await at(other.name))]).toEqual([address]);
    unprotect(place, API, 'A');
    expect(await send(remove(address))).toMatchObject({ type: 'accepted' });
  });

  it('a record of a routing policy that the SDK does not know is seen to be one, and not deleted', async () => {
    await plant(world.zone, [address]);
    const foreign = putUnknownRouting(place, API);
    const [read, ...more] = await at();
    expect(read).toEqual(foreign);
    expect(more).toEqual([]);
    expect(hasUnknownRouting(foreign)).toBe(true);
    for (const batch of [
      [remove(foreign)],
      [remove({ ...foreign, weight: 0 })],
      [create(address)],
      [create({ ...foreign, setIdentifier: 'two', weight: 1 })],
    ]) {
      expect(await send(...batch)).toMatchObject({ type: 'rejected' });
    }
    expect(await at()).toEqual([foreign]);
  });

  it('a full zone takes no record more, and lets records be replaced and deleted', async () => {
    await plant(world.zone, [address]);
    limitRecords(place, 1);
    expect(await send(create(other))).toMatchObject({ type: 'accepted' });
    const third = { ...address, name: dnsName('third.example.test') };
    expect(await send(create(third))).toMatchObject({
      type: 'rejected',
      reason: expect.stringMatching(/^InvalidChangeBatch: .*MAX_RRSETS_BY_ZONE/),
    });
    expect(await send(remove(other), create(third))).toMatchObject({ type: 'accepted' });
    limitRecords(place, -1);
    expect(await send(remove(third))).toMatchObject({ type: 'accepted' });
  });
});

test('obstacles that the SDK cannot ask for can be put into an emulator of another process', async () => {
  const { core, zoneId } = emulatedWorld(virtualClock());
  const server = await serveRoute53(core, { port: 0 });
  try {
    const place = { url: server.url, zoneId };
    await protectOverHttp(place, API, 'A');
    await expect(putUnknownRoutingOverHttp(place, API)).rejects.toThrow('are protected');
    await unprotectOverHttp(place, API, 'A');
    await putUnknownRoutingOverHttp(place, API);
    expect(core.records(zoneId).find(({ name }) => name === API)?.routing).toEqual({
      AZAffinity: { LocationId: 'global', LocationType: 'Global' },
    });
  } finally {
    await server.close();
  }
});

test('a fleet can have an alias of a root that it declares too', () => {
  const fleet: CellFleet = { ...smallFleet(), zoneId: 'Z1' };
  const name = dnsName('www.example.test');
  const { endpoints, targets } = withAliasOfRoot(fleet, name, API);
  const endpoint = endpoints.find((one) => one.name === name);
  expect(endpoint?.kind).toBe('alias');
  expect(targets.find(({ id }) => id === endpoint?.targets[0])?.alias).toMatchObject({
    zoneId: 'Z1',
    name: API,
  });
});
