import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { Batch, ChangeOutcome, Zone } from '../../lib/zone/zone.ts';
import type { CellsOfOneZone } from '../support/cells-of-one-zone.ts';
import { cellsOfOneZone, SHARED_ZONE } from '../support/cells-of-one-zone.ts';
import { endpointNames, fleetWith } from '../support/moved-fleets.ts';

const OLD = cellName('use1-a');
const NEW = cellName('use1-b');
const BOTH = [OLD, NEW];
const NAMES = endpointNames(4);
const MOVED = dnsName(`e000.${SHARED_ZONE}`);
const OFFER = dnsName(`_offer.e000.${OLD}._pawl.${SHARED_ZONE}`);
const PROTECTED = 'InvalidChangeBatch: this record set is protected';

type Sending = (batch: Batch, zone: Zone) => Promise<ChangeOutcome>;

/** Every name is to go over, and nothing has; what is sent goes through `send`, and what is listed through `list`. */
async function moving(
  send: Sending,
  list: (page: Awaited<ReturnType<Zone['listRecords']>>) => Awaited<ReturnType<Zone['listRecords']>> = (
    page,
  ) => page,
): Promise<CellsOfOneZone> {
  const world = cellsOfOneZone({
    through: (zone) => ({
      ...zone,
      change: (batch) => send(batch, zone),
      listRecords: async (start, limit) => list(await zone.listRecords(start, limit)),
    }),
  });
  await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
  await world.rounds(BOTH);
  world.watch(NAMES);
  await world.push([fleetWith(OLD, world.zoneId, []), fleetWith(NEW, world.zoneId, NAMES)]);
  return world;
}

const ownersOf = (world: CellsOfOneZone) => [...(world.commits.at(-1)?.owners.values() ?? [])];
const rejected = (): Promise<ChangeOutcome> => Promise.resolve({ type: 'rejected', reason: PROTECTED });

describe('a batch that hands over', () => {
  it('goes without the endpoint that Route 53 refuses, which is found and named', async () => {
    const touches = ({ changes }: Batch) => changes.some(({ record }) => record.name === MOVED);
    const world = await moving((batch, zone) =>
      batch.kind === 'handover' && touches(batch) ? rejected() : zone.change(batch),
    );
    await world.rounds(BOTH, 1);
    expect(ownersOf(world)).toEqual([OLD, NEW, NEW, NEW]);
    const { state } = await world.ledger.head(NEW);
    expect(state.refused).toMatchObject([{ name: MOVED, step: 'flip', reason: PROTECTED }]);
    expect(state.awaited).toMatchObject([{ name: MOVED }]);
    await world.rounds(BOTH, 1);
    expect((await world.ledger.head(OLD)).state).toMatchObject({ owned: [MOVED], offers: [{ name: MOVED }] });
    expect(world.missing).toEqual([]);
  });

  it.each([
    ['was accepted, and its answer lost', true],
    ['was lost on its way', false],
  ])('%s: the log learns what became of it from the zone', async (_, isAccepted) => {
    let lost = 0;
    const world = await moving(async (batch, zone) => {
      if (batch.kind !== 'handover' || lost > 0) return zone.change(batch);
      lost += 1;
      if (isAccepted) await zone.change(batch);
      return { type: 'unknown', reason: 'timeout' };
    });
    await world.rounds(BOTH, 3);
    expect(lost).toBe(1);
    expect(world.commits.filter(({ kind }) => kind === 'handover')).toHaveLength(1);
    expect(ownersOf(world)).toEqual(NAMES.map(() => NEW));
    const taken = (await world.events(NEW)).filter((event) => event.type === 'EndpointsTaken');
    expect(taken).toMatchObject([{ names: NAMES, from: OLD }]);
    const given = (await world.events(OLD)).filter((event) => event.type === 'EndpointsGiven');
    expect(given).toMatchObject([{ names: NAMES, to: NEW }]);
    expect(world.missing).toEqual([]);
  });

  it('is recorded by whoever comes next, when its enactor died after it', async () => {
    const world = await moving(async (batch, zone) => {
      const outcome = await zone.change(batch);
      if (batch.kind === 'handover') throw new Error('killed');
      return outcome;
    });
    await world.enact(OLD);
    await world.plan(NEW);
    await expect(world.enact(NEW)).rejects.toThrow('killed');
    expect(ownersOf(world)).toEqual(NAMES.map(() => NEW));
    expect((await world.ledger.head(NEW)).state.owned).toEqual([]);
    await world.enact(NEW);
    expect((await world.ledger.head(NEW)).state).toMatchObject({ awaited: [], owned: NAMES });
    await world.rounds(BOTH, 2);
    expect((await world.ledger.head(OLD)).state).toMatchObject({ offers: [], owned: [] });
    for (const cell of BOTH) expect(['clean', 'unplanned']).toContain((await world.audit(cell)).type);
  });
});

describe('offers', () => {
  it('that Route 53 refuses stop nothing else, and are tried by the next run', async () => {
    let refusals = 0;
    const world = await moving((batch, zone) => {
      if (batch.kind !== 'offer' || refusals >= 4) return zone.change(batch);
      refusals += 1;
      return rejected();
    });
    expect(await world.enact(OLD)).toMatchObject({ type: 'converged' });
    const afterOne = refusals;
    expect(afterOne).toBe(1);
    for (let runs = 0; runs < 4; runs += 1) await world.enact(OLD);
    expect(refusals).toBe(4);
    expect(world.records().map(({ name }) => name)).toContain(OFFER);
  });

  it('are ended by the log only once nobody can make one any more who read that they are wanted', async () => {
    let letGo = (): void => undefined;
    let isHeld = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let offers = 0;
    const world = await moving(async (batch, zone) => {
      offers += batch.kind === 'offer' ? 1 : 0;
      if (batch.kind !== 'offer' || offers > 1) return zone.change(batch);
      isHeld();
      await released;
      await zone.change(batch);
      throw new Error('killed');
    });
    await world.plan(OLD);
    await world.plan(NEW);
    const stalled = world.enact(OLD);
    await held;
    await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
    await world.enact(OLD);
    expect((await world.ledger.head(OLD)).state.offers).toEqual([]);
    letGo();
    await expect(stalled).rejects.toThrow('killed');
    expect(world.records().map(({ name }) => name)).not.toContain(OFFER);
    await world.enact(NEW);
    expect(ownersOf(world)).toEqual(NAMES.map(() => OLD));
  });

  it('are ended by the log only after a listing that has the zone’s count', async () => {
    let isHidden = false;
    const world = await moving(
      (batch, zone) => zone.change(batch),
      (page) =>
        isHidden
          ? { ...page, records: page.records.filter(({ name }) => !name.startsWith('_offer.')) }
          : page,
    );
    await world.enact(OLD);
    await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
    isHidden = true;
    await world.enact(OLD);
    expect((await world.ledger.head(OLD)).state.offers).toHaveLength(4);
    expect(world.records().map(({ name }) => name)).toContain(OFFER);
    isHidden = false;
    await world.enact(OLD);
    expect((await world.ledger.head(OLD)).state.offers).toEqual([]);
    expect(world.records().map(({ name }) => name)).not.toContain(OFFER);
  });

  it('stay out of a predicted zone: one hint reads the zone while any stand', async () => {
    const world = await moving((batch, zone) => zone.change(batch));
    expect(await world.enact(OLD, 'hint')).toMatchObject({ type: 'converged' });
    expect(world.records().map(({ name }) => name)).toContain(OFFER);
  });
});
