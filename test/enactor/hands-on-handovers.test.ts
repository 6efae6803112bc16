// @module-tag slow
import { describe, expect, it } from 'vitest';
import { freeze } from '../../lib/operator/freeze.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { fenceName, offerName, ownedSubtree } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { CellsOfOneZone } from '../support/cells-of-one-zone.ts';
import { cellsOfOneZone, SHARED_ZONE } from '../support/cells-of-one-zone.ts';
import { waitOf } from '../support/fence-wait.ts';
import { endpointNames, fleetWith } from '../support/moved-fleets.ts';

const OLD = cellName('use1-a');
const NEW = cellName('use1-b');
const BOTH = [OLD, NEW];
const NAMES = endpointNames(2);
const MOVED = dnsName(`e000.${SHARED_ZONE}`);
const KEPT = dnsName(`e001.${SHARED_ZONE}`);

/** A file that moves the first name has been pushed. */
async function pushed(): Promise<CellsOfOneZone> {
  const world = cellsOfOneZone();
  await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
  await world.rounds(BOTH);
  world.watch([MOVED]);
  await world.push([fleetWith(OLD, world.zoneId, [KEPT]), fleetWith(NEW, world.zoneId, [MOVED])]);
  return world;
}

/** The same, and the offer stands. */
async function offered(): Promise<CellsOfOneZone> {
  const world = await pushed();
  await world.plan(OLD);
  await world.enact(OLD);
  await world.plan(NEW);
  return world;
}

const scopeOf = (world: CellsOfOneZone, cell = OLD) => ({ cell, zone: SHARED_ZONE, zoneId: world.zoneId });

function rootIn(world: CellsOfOneZone): RecordSet {
  const root = world.records().find(({ name, alias }) => name === MOVED && alias !== undefined);
  if (root === undefined) throw new Error('there is no root');
  return root;
}

function byHand(world: CellsOfOneZone, gone: RecordSet, made?: RecordSet): void {
  const changes = [remove(gone), ...(made === undefined ? [] : [create(made)])];
  world.core.changeResourceRecordSets(world.zoneId, { changes });
}

const ownerOf = (world: CellsOfOneZone) => world.commits.at(-1)?.owners.get(MOVED);
const handovers = (world: CellsOfOneZone) => world.commits.filter(({ kind }) => kind === 'handover');

describe('a root that a hand deletes before it goes over', () => {
  it('is not made by the cell that takes while the other one is frozen', async () => {
    const world = await offered();
    byHand(world, rootIn(world));
    const deps = { ...world.operator(), writer: world.writer(OLD, 'operator', 'operator-ana') };
    await freeze(deps, { cell: OLD, reason: 'looking', wait: waitOf(deps) });
    await world.enact(NEW);
    expect(world.records().filter(({ name }) => name === MOVED)).toEqual([]);
    const { refused, owned } = (await world.ledger.head(NEW)).state;
    expect(refused).toMatchObject([
      {
        name: MOVED,
        reason: expect.stringMatching(/of cell use1-a, which has no root there: use1-a is frozen/),
      },
    ]);
    expect(owned).toEqual([]);
  });

  it('is made by the batch that compares both fences', async () => {
    const world = await offered();
    byHand(world, rootIn(world));
    await world.enact(NEW);
    const [taken] = handovers(world);
    const fences = taken?.changes.flatMap(({ record }) =>
      record.name.startsWith('fence.') ? [record.name] : [],
    );
    expect(new Set(fences)).toEqual(new Set(BOTH.map((cell) => fenceName(scopeOf(world, cell)))));
    expect(ownerOf(world)).toBe(NEW);
  });

  it('is anybody’s where the fence of the other cell is gone', async () => {
    const world = await offered();
    byHand(world, rootIn(world));
    const name = fenceName(scopeOf(world));
    for (const fence of world.records().filter((record) => record.name === name)) byHand(world, fence);
    await world.enact(NEW);
    expect(ownerOf(world)).toBe(NEW);
  });
});

it('an offer in whose place a hand put another record is made again', async () => {
  const world = await offered();
  const name = offerName(MOVED, scopeOf(world));
  for (const offer of world.records().filter((record) => record.name === name))
    byHand(world, offer, { name, type: 'A', ttl: 5, values: ['192.0.2.66'] });
  await world.rounds(BOTH, 2);
  expect(ownerOf(world)).toBe(NEW);
  expect(world.records().filter((record) => record.name === name)).toEqual([]);
});

it('a root that a hand moves back after it was taken is offered again, and taken', async () => {
  const world = await offered();
  const before = rootIn(world);
  await world.enact(NEW);
  await world.enact(OLD);
  expect(ownerOf(world)).toBe(NEW);
  byHand(world, rootIn(world), before);
  await world.enact(OLD, 'sweep');
  await world.enact(NEW, 'sweep');
  expect(ownerOf(world)).toBe(NEW);
  expect(handovers(world)).toHaveLength(2);
  expect(world.missing).toEqual([]);
  expect(await world.audit(OLD)).toMatchObject({ type: expect.stringMatching(/clean|unplanned/) });
  expect(await world.audit(NEW)).toMatchObject({ type: 'clean' });
});

it('a tree that an endpoint comes back to, and that was repaired, is pointed at once it is everywhere', async () => {
  const world = await offered();
  await world.enact(NEW);
  await world.enact(OLD);
  await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
  await world.plan(NEW);
  await world.enact(NEW);
  await world.plan(OLD);
  const labels = `e000.${ownedSubtree(scopeOf(world))}`;
  const leaves = world.records().filter(({ name, weight }) => name.endsWith(labels) && weight !== undefined);
  const [{ name: tree } = { name: MOVED }] = leaves;
  const changes = leaves.filter((leaf) => leaf.name === tree).map(remove);
  world.core.changeResourceRecordSets(world.zoneId, {
    changes: [...changes, create({ name: tree, type: 'AAAA', ttl: 5, values: ['2001:db8::66'] })],
  });
  world.clock.shift(120_000);
  await world.enact(OLD);
  expect(ownerOf(world)).toBe(OLD);
  expect(world.missing).toEqual([]);
});
