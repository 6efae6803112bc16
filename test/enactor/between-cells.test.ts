// @module-tag slow
import { describe, expect, it } from 'vitest';
import type { EndpointRefused } from '../../lib/ledger/decider/events.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { freeze } from '../../lib/operator/freeze.ts';
import { approveKeptBack } from '../../lib/operator/kept-back.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { recordEvent } from '../../lib/operator/record-event.ts';
import { rollback } from '../../lib/operator/rollback.ts';
import { thaw } from '../../lib/operator/thaw.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation } from '../../lib/plan/generation.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { fenceName, offerName } from '../../lib/plan/owned-names.ts';
import type { Change } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { CellsOfOneZone, ZoneSettings } from '../support/cells-of-one-zone.ts';
import { cellsOfOneZone, SHARED_ZONE } from '../support/cells-of-one-zone.ts';
import { waitOf } from '../support/fence-wait.ts';
import { endpointNames, fleetWith } from '../support/moved-fleets.ts';

const OLD = cellName('use1-a');
const NEW = cellName('use1-b');
const BOTH = [OLD, NEW];
const NAMES = endpointNames(4);
/** The one that goes over. */
const MOVED = dnsName(`e000.${SHARED_ZONE}`);

/** Every name of NAMES is the old cell's, and everything is applied. */
async function settled(settings: ZoneSettings = {}): Promise<CellsOfOneZone> {
  const world = cellsOfOneZone(settings);
  await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
  await world.rounds(BOTH);
  world.watch(NAMES);
  return world;
}

/** A person pushes a file in which the first name has moved. */
function moveFirst(world: CellsOfOneZone): Promise<void> {
  return world.push([fleetWith(OLD, world.zoneId, NAMES.slice(1)), fleetWith(NEW, world.zoneId, [MOVED])]);
}

const scopeOf = (world: CellsOfOneZone, cell: CellName) => ({
  ...{ cell, zone: SHARED_ZONE, zoneId: world.zoneId },
});

function fenceOf(world: CellsOfOneZone, cell: CellName): Fence {
  const name = fenceName(scopeOf(world, cell));
  const reading = readFenceRecords(world.records().filter((record) => record.name === name));
  if (reading.type !== 'fence') throw new Error(`the fence of ${cell} is ${reading.type}`);
  return reading.fence;
}

/** A hand changes the zone, and no role knows of it. */
function byHand(world: CellsOfOneZone, ...changes: readonly Change[]): void {
  world.core.changeResourceRecordSets(world.zoneId, { changes });
}

const owners = (world: CellsOfOneZone, name: DnsName): readonly string[] =>
  world.commits.map((commit) => commit.owners.get(name) ?? 'not watched');

const handovers = (world: CellsOfOneZone) => world.commits.filter(({ kind }) => kind === 'handover');

async function ownedBy(world: CellsOfOneZone, cell: CellName): Promise<readonly DnsName[]> {
  return [...(await world.ledger.head(cell)).state.owned].sort();
}

async function refusalsOf(world: CellsOfOneZone, cell: CellName): Promise<readonly EndpointRefused[]> {
  return (await world.events(cell)).filter((event) => event.type === 'EndpointRefused');
}

it('a name that has no answer is noticed', async () => {
  const world = await settled();
  world.watch([MOVED, dnsName(`nobody.${SHARED_ZONE}`)]);
  await moveFirst(world);
  await world.rounds(BOTH, 1);
  expect(world.missing.length).toBeGreaterThanOrEqual(world.commits.length - 3);
  for (const each of world.missing) expect(each).toMatch(/^nobody\./);
});

describe('an endpoint that a pushed file moves to another cell', () => {
  it('goes over by one batch with both fences, and answers at every commit', async () => {
    const world = await settled();
    const before = { old: fenceOf(world, OLD), new: world.commits.length };
    await moveFirst(world);
    await world.rounds(BOTH, 3);
    expect(world.missing).toEqual([]);
    const seen = owners(world, MOVED).slice(before.new);
    // It is the old cell's until one commit, and the new one's from there on.
    expect([...new Set(seen)]).toEqual([OLD, NEW]);
    expect(seen).toEqual([...seen].sort());
    const [handover, ...others] = handovers(world);
    expect(others).toEqual([]);
    const fences = BOTH.map((cell) => fenceName(scopeOf(world, cell)));
    for (const fence of fences)
      expect(handover?.changes.filter(({ record }) => record.name === fence)).toMatchObject([
        { action: 'DELETE' },
        { action: 'CREATE' },
      ]);
    for (const name of NAMES.slice(1)) expect([...new Set(owners(world, name))]).not.toContain(NEW);
    expect(fenceOf(world, OLD).seq).toBeGreaterThan(before.old.seq);
  });

  it('is said by both logs, and neither cell finds anything to repair or to audit', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.rounds(BOTH, 3);
    const ofOld = (await world.events(OLD)).filter(({ type }) => type.startsWith('Endpoints'));
    const ofNew = (await world.events(NEW)).filter(({ type }) => type.startsWith('Endpoints'));
    expect(ofOld).toMatchObject([
      { type: 'EndpointsOffered', names: [MOVED], to: NEW, ledger: world.ledger.id },
      { type: 'EndpointsKeptBack', endpoints: [{ name: MOVED, findings: [{ code: 'handed-over' }] }] },
      { type: 'EndpointsGiven', names: [MOVED], to: NEW },
    ]);
    expect(ofNew).toMatchObject([
      { type: 'EndpointsAwaited', names: [MOVED], from: OLD },
      { type: 'EndpointsTaken', names: [MOVED], from: OLD },
    ]);
    expect(await ownedBy(world, OLD)).toEqual(NAMES.slice(1));
    expect(await ownedBy(world, NEW)).toEqual([MOVED]);
    for (const cell of BOTH) {
      expect(await world.audit(cell)).toMatchObject({ type: 'clean' });
      expect((await world.ledger.head(cell)).state).toMatchObject({ drift: null, refused: [], keptBack: [] });
    }
    const commits = world.commits.length;
    await world.rounds(BOTH, 2);
    expect(world.commits).toHaveLength(commits);
  });

  it('is nothing that either cell drifts by, before the giver has recorded it', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.enact(OLD);
    await world.plan(NEW);
    await world.enact(NEW);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect((await world.ledger.head(OLD)).state.given).toEqual([]);
    // Its auditor and its enactor see by the zone that it is gone.
    for (const cell of BOTH) expect(await world.audit(cell)).toMatchObject({ type: 'clean' });
    await world.enact(OLD);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect((await world.ledger.head(OLD)).state.given).toMatchObject([{ name: MOVED, to: NEW }]);
  });

  it('waits for the offer where the taker is quicker, and goes over at its next attempt', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.plan(NEW);
    const early = await world.enact(NEW);
    expect(handovers(world)).toEqual([]);
    expect(early).toMatchObject({ type: 'blocked', endpoints: [{ name: MOVED }] });
    const [refusal] = await refusalsOf(world, NEW);
    expect(refusal).toMatchObject({ name: MOVED, step: 'conflict' });
    expect(refusal?.reason).toBe(
      `${MOVED} is of cell ${OLD}, whose A records answer there: it is taken over once ${OLD} offers it.`,
    );
    world.clock.shift(120_000);
    await world.rounds(BOTH, 3);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect(world.missing).toEqual([]);
    expect((await world.ledger.head(NEW)).state.refused).toEqual([]);
  });

  it('fails over where it is until it is taken, although no fleet there declares it any more', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.plan(OLD);
    await world.enact(OLD);
    await recordEvent(world.operator(), OLD, () => ({ type: 'DrainTarget', target: 't-1', reason: 'fire' }));
    await world.plan(OLD);
    await world.enact(OLD);
    const root = world.records().find(({ name, type }) => name === MOVED && type === 'A');
    const leaves = world.records().filter(({ name }) => name === root?.alias?.name);
    expect(leaves.map(({ values }) => values)).toEqual([['192.0.2.2']]);
    expect(owners(world, MOVED).at(-1)).toBe(OLD);
    await world.rounds([NEW, OLD], 3);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect(world.missing).toEqual([]);
  });

  it('comes back the same way', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.rounds(BOTH, 3);
    await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
    await world.rounds([NEW, OLD], 3);
    expect(world.missing).toEqual([]);
    expect(handovers(world).map(({ by }) => by)).toEqual([`enactor of ${NEW}`, `enactor of ${OLD}`]);
    expect(await ownedBy(world, OLD)).toEqual(NAMES);
    expect(await ownedBy(world, NEW)).toEqual([]);
    for (const cell of BOTH)
      expect(await world.audit(cell)).toMatchObject({ type: expect.stringMatching(/clean|unplanned/) });
    await moveFirst(world);
    await world.rounds(BOTH, 3);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect(await ownedBy(world, OLD)).toEqual(NAMES.slice(1));
    expect(world.missing).toEqual([]);
  });

  it('is not fetched back by a rollback of the cell that had it', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.rounds(BOTH, 3);
    const deps = world.operator();
    expect(await rollback(deps, { cell: OLD, to: generation(1), apply: true })).toEqual({
      type: 'refused',
      reason: `${MOVED} is declared by cell ${NEW} too: one cell must give it up.`,
    });
  });

  it('is not removed by a rollback of the cell that took it, for which the plan of before had nothing', async () => {
    const world = await settled();
    const [, second] = NAMES;
    await world.push([
      fleetWith(OLD, world.zoneId, NAMES.slice(0, 2)),
      fleetWith(NEW, world.zoneId, NAMES.slice(2)),
    ]);
    await world.rounds(BOTH, 3);
    await world.push([fleetWith(OLD, world.zoneId, [MOVED]), fleetWith(NEW, world.zoneId, NAMES.slice(1))]);
    await world.rounds(BOTH, 3);
    expect(owners(world, second ?? MOVED).at(-1)).toBe(NEW);
    const first = (await world.ledger.head(NEW)).state.history.at(-1)?.generation ?? generation(1);
    expect(await rollback(world.operator(), { cell: NEW, to: first, apply: true })).toEqual({
      type: 'refused',
      reason: `${second} was taken over from cell ${OLD} since, and nobody else answers for it: it stays.`,
    });
    await world.rounds(BOTH, 2);
    expect(world.missing).toEqual([]);
  });

  it('is left to the cell that takes it, where a person had approved its removal', async () => {
    const world = await settled();
    await world.push([fleetWith(OLD, world.zoneId, NAMES.slice(1)), fleetWith(NEW, world.zoneId, [])]);
    await world.plan(OLD);
    const [waiting] = (await world.ledger.head(OLD)).state.keptBack;
    const digest = waiting?.digest ?? '';
    const approved = await approveKeptBack(world.operator(), { cell: OLD, endpoints: [MOVED], digest });
    expect(approved.type).toBe('done');
    await moveFirst(world);
    for (const cell of BOTH) await world.enact(cell);
    await world.rounds(BOTH, 3);
    expect(world.missing).toEqual([]);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
  });

  for (const [from, to] of [
    [OLD, NEW],
    [NEW, OLD],
  ] as const)
    it(`comes back to ${from} by the earlier file although its log has not learned yet that ${to} has it`, async () => {
      const world = cellsOfOneZone();
      await world.push([fleetWith(from, world.zoneId, NAMES), fleetWith(to, world.zoneId, [])]);
      await world.rounds(BOTH);
      world.watch(NAMES);
      await world.push([fleetWith(from, world.zoneId, NAMES.slice(1)), fleetWith(to, world.zoneId, [MOVED])]);
      await world.plan(from);
      await world.enact(from);
      await world.plan(to);
      await world.enact(to);
      expect(owners(world, MOVED).at(-1)).toBe(to);
      await world.push([fleetWith(from, world.zoneId, NAMES), fleetWith(to, world.zoneId, [])]);
      world.clock.shift(3_700_000);
      await world.rounds(BOTH, 3);
      world.clock.shift(3_700_000);
      await world.rounds(BOTH, 3);
      expect(owners(world, MOVED).at(-1)).toBe(from);
      expect(await ownedBy(world, from)).toEqual(NAMES);
      expect(world.missing).toEqual([]);
    });

  it('stays where it is when the file is pushed back before it is taken', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.plan(OLD);
    await world.enact(OLD);
    const offer = offerName(MOVED, scopeOf(world, OLD));
    expect(world.records().map(({ name }) => name)).toContain(offer);
    const back = [fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])];
    await world.push(back);
    expect((await world.ledger.head(OLD)).state.offers).toMatchObject([{ name: MOVED, withdrawn: true }]);
    await world.rounds(BOTH, 2);
    expect(world.records().map(({ name }) => name)).not.toContain(offer);
    await world.push(back);
    await world.rounds(BOTH, 1);
    expect((await world.ledger.head(OLD)).state.offers).toEqual([]);
    expect((await world.ledger.head(NEW)).state.awaited).toEqual([]);
    expect([...new Set(owners(world, MOVED))].slice(-1)).toEqual([OLD]);
    expect(handovers(world)).toEqual([]);
    expect(world.missing).toEqual([]);
  });

  it('fails as a whole when the giver writes first, and is read again', async () => {
    let disturbed = 0;
    const world: CellsOfOneZone = await settled({
      through: (zone, { cell }) => ({
        ...zone,
        change: async (batch) => {
          if (cell === NEW && batch.kind === 'handover' && disturbed < 1) {
            disturbed += 1;
            const fence = fenceOf(world, OLD);
            const next = { ...fence, nonce: 'zzzzzzzz' };
            byHand(
              world,
              remove(fenceRecord(fence, scopeOf(world, OLD))),
              create(fenceRecord(next, scopeOf(world, OLD))),
            );
          }
          return zone.change(batch);
        },
      }),
    });
    await moveFirst(world);
    await world.rounds(BOTH, 2);
    expect(disturbed).toBe(1);
    expect(handovers(world)).toHaveLength(1);
    expect(await refusalsOf(world, NEW)).toEqual([]);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect(world.missing).toEqual([]);
  });
});

describe('a cell that gives nothing', () => {
  /** The taker tries, and is told why not; nothing of the endpoint changes. */
  async function triesInVain(world: CellsOfOneZone, why: string): Promise<void> {
    const there = () =>
      world.records().filter(({ name }) => name === MOVED || name.endsWith(`.${OLD}._pawl.${SHARED_ZONE}`));
    const before = there();
    await world.plan(NEW);
    expect(await world.enact(NEW)).toMatchObject({
      type: 'blocked',
      endpoints: [{ name: MOVED, reason: expect.stringContaining(why) }],
    });
    expect(handovers(world)).toEqual([]);
    expect(there()).toEqual(before);
    expect((await refusalsOf(world, NEW)).map(({ reason }) => reason)).toEqual([
      expect.stringContaining(why),
    ]);
  }

  async function offered(): Promise<CellsOfOneZone> {
    const world = await settled();
    await moveFirst(world);
    await world.plan(OLD);
    await world.enact(OLD);
    return world;
  }

  it('is frozen, and gives once it is thawed', async () => {
    const world = await offered();
    const deps = { ...world.operator(), writer: world.writer(OLD, 'operator', 'operator-ana') };
    const frozen = await freeze(deps, { cell: OLD, reason: 'looking', wait: waitOf(deps) });
    expect(frozen.type).toBe('done');
    await triesInVain(world, `${OLD} is frozen, and hands nothing over until it is thawed.`);
    expect((await thaw(deps, { cell: OLD })).type).toBe('done');
    world.clock.shift(120_000);
    await world.rounds(BOTH, 2);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    expect(world.missing).toEqual([]);
  });

  it('is rescued', async () => {
    const world = await offered();
    const scope = scopeOf(world, OLD);
    const fence = fenceOf(world, OLD);
    const rescued = { ...fence, frozen: true, by: 'rescue-ana', nonce: 'zzzzzzzz' };
    byHand(world, remove(fenceRecord(fence, scope)), create(fenceRecord(rescued, scope)));
    await triesInVain(world, `${OLD} is frozen`);
  });

  it('has a fence that nobody can read', async () => {
    const world = await offered();
    const record = fenceRecord(fenceOf(world, OLD), scopeOf(world, OLD));
    byHand(world, remove(record), create({ ...record, values: ['"v9"'] }));
    await triesInVain(world, `the fence of ${OLD} cannot be read`);
  });

  it('offers it to nobody yet', async () => {
    const world = await settled();
    await moveFirst(world);
    await triesInVain(world, `it is taken over once ${OLD} offers it.`);
  });

  it('has lost its fence altogether: its root is a record that somebody must adopt', async () => {
    const world = await offered();
    byHand(world, remove(fenceRecord(fenceOf(world, OLD), scopeOf(world, OLD))));
    await triesInVain(world, `run "pawl adopt ${MOVED}"`);
  });
});

describe('a cell that is renamed', () => {
  const many = endpointNames(120);

  it('gives 120 names in as few batches as they fit into, and each answers at every commit', async () => {
    const world = cellsOfOneZone();
    await world.push([fleetWith(OLD, world.zoneId, many, ['A', 'AAAA'])]);
    await world.rounds([OLD]);
    world.watch(many);
    await world.push([fleetWith(NEW, world.zoneId, many, ['A', 'AAAA'])], [OLD]);
    await world.rounds(BOTH, 3);
    expect(world.missing).toEqual([]);
    // 9 records each, in batches of 1,000: the old root and its rollback, the new ones and the offer.
    expect(handovers(world)).toHaveLength(2);
    expect(await ownedBy(world, OLD)).toEqual([]);
    expect(await ownedBy(world, NEW)).toEqual(many);
    for (const name of many) expect(owners(world, name).at(-1)).toBe(NEW);
    expect((await world.ledger.head(OLD)).state).toMatchObject({ offers: [], keptBack: [] });
    expect(world.records().filter(({ name }) => name.startsWith('_offer.'))).toEqual([]);
  });

  it('can be split, and put together again', async () => {
    const world = cellsOfOneZone();
    const third = cellName('use1-c');
    await world.push([fleetWith(OLD, world.zoneId, many)]);
    await world.rounds([OLD]);
    world.watch(many);
    await world.push(
      [fleetWith(NEW, world.zoneId, many.slice(0, 40)), fleetWith(third, world.zoneId, many.slice(40, 70))],
      [OLD],
    );
    await world.rounds([OLD, NEW, third], 3);
    expect(handovers(world).map(({ by }) => by)).toEqual([`enactor of ${NEW}`, `enactor of ${third}`]);
    expect(await ownedBy(world, OLD)).toEqual(many.slice(70));
    expect(await ownedBy(world, NEW)).toEqual(many.slice(0, 40));
    expect(await ownedBy(world, third)).toEqual(many.slice(40, 70));
    await world.push([
      fleetWith(OLD, world.zoneId, many),
      fleetWith(NEW, world.zoneId, []),
      fleetWith(third, world.zoneId, []),
    ]);
    await world.rounds([NEW, third, OLD], 3);
    // A batch compares the fences of two cells, so that each that gives takes one.
    expect(handovers(world)).toHaveLength(4);
    expect(await ownedBy(world, OLD)).toEqual(many);
    expect(world.missing).toEqual([]);
  });
});

describe('cells of two stacks that share a zone', () => {
  const theirs = '0badf00d';

  /** The old cell is of one stack, the new one of another, and both logs were told that the first name goes over. */
  async function toldBoth() {
    const ledgers = new Map([[NEW, memoryLedger(theirs)]]);
    const world = cellsOfOneZone({ ledgers });
    await world.push([fleetWith(OLD, world.zoneId, NAMES)]);
    await world.rounds([OLD]);
    world.watch(NAMES);
    const earlier = world.ledger.clone();
    const bob = world.operator(ledgers.get(NEW));
    await recordEvent(bob, NEW, () => ({ type: 'RaiseFormat', format: 6 }));
    await recordEvent(bob, NEW, () => ({ type: 'AwaitEndpoints', names: [MOVED], from: OLD }));
    const cells = [fleetWith(NEW, world.zoneId, [MOVED])];
    expect((await pushFleet(bob, { cells, apply: true })).type).toBe('done');
    const offer = { type: 'OfferEndpoints', names: [MOVED], to: NEW, ledger: theirs } as const;
    await recordEvent(world.operator(), OLD, () => offer);
    return { world, ledgers, earlier, newHead: () => bob.ledger.head(NEW) };
  }

  it('hand over what both logs were told of, whether or not the giver still declares it', async () => {
    for (const isPushed of [true, false]) {
      const { world, newHead } = await toldBoth();
      if (isPushed) await world.push([fleetWith(OLD, world.zoneId, NAMES.slice(1))]);
      await world.rounds(BOTH, 4);
      expect([...new Set(owners(world, MOVED))]).toEqual(['not watched', OLD, NEW]);
      expect(handovers(world)).toHaveLength(1);
      expect(world.missing).toEqual([]);
      expect(fenceOf(world, OLD).ledger).toBe(world.ledger.id);
      expect(fenceOf(world, NEW).ledger).toBe(theirs);
      expect((await world.ledger.head(OLD)).state.given).toMatchObject([{ name: MOVED, to: NEW }]);
      expect(await ownedBy(world, OLD)).toEqual(NAMES.slice(1));
      expect((await newHead()).state.owned).toEqual([MOVED]);
      for (const cell of BOTH) expect(await world.audit(cell)).toMatchObject({ type: 'clean' });
    }
  });

  it('keep it where it is when the giver’s log is restored to a time before', async () => {
    const { world, ledgers, earlier } = await toldBoth();
    await world.rounds(BOTH, 3);
    expect(owners(world, MOVED).at(-1)).toBe(NEW);
    const commits = world.commits.length;
    ledgers.set(OLD, earlier);
    await world.rounds(BOTH, 4);
    expect([...new Set(owners(world, MOVED).slice(commits))]).toEqual([NEW]);
    expect(world.missing).toEqual([]);
    const { refused } = (await earlier.head(OLD)).state;
    expect(refused).toMatchObject([{ name: MOVED, step: 'conflict' }]);
  });
});

describe('the trees of an endpoint that has gone over', () => {
  const treesOf = (world: CellsOfOneZone) =>
    world.records().filter(({ name }) => name.endsWith(`.e000.${OLD}._pawl.${SHARED_ZONE}`));

  it('are retired by the cell that had it, once the batch that took it is everywhere', async () => {
    const world = await settled();
    await moveFirst(world);
    await world.plan(OLD);
    await world.enact(OLD);
    await world.plan(NEW);
    await world.enact(NEW);
    expect(handovers(world)).toHaveLength(1);
    // Nobody knows yet how far that batch has got: the giver's janitor leaves alone what may still answer.
    expect(await world.clean(OLD)).toMatchObject({ type: 'nothing' });
    const handover = world.commits.length;
    // Its plan without the endpoint, and one more, so that nothing retains the trees.
    await world.enact(OLD);
    for (const ttl of [60, 61]) {
      const fleet = fleetWith(OLD, world.zoneId, NAMES.slice(1));
      const [first, ...others] = fleet.endpoints;
      if (first === undefined) throw new Error('nothing has stayed');
      await world.push([{ ...fleet, endpoints: [{ ...first, ttl }, ...others] }]);
      await world.plan(OLD);
      await world.enact(OLD);
      expect(await world.clean(OLD)).toMatchObject({ type: 'nothing', pending: true });
      expect(treesOf(world)).not.toEqual([]);
    }
    world.clock.shift(60_000);
    expect(await world.clean(OLD)).toMatchObject({ type: 'retired' });
    expect(treesOf(world)).toEqual([]);
    expect(world.missing).toEqual([]);
    expect(owners(world, MOVED).slice(handover)).not.toContain(OLD);
  });
});
