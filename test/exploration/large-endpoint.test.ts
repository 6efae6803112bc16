import { describe, expect, it } from 'vitest';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { heldByGenerations, RETAINED } from '../bench/retained-generations.ts';
import type { FleetShape } from '../bench/routed-fleets.ts';
import { inRegions, inZones } from '../bench/routed-fleets.ts';
import type { CountedCell } from '../support/counted-cell.ts';
import { countedCell } from '../support/counted-cell.ts';

/** Plans of older cells have no nodes. */
const FORMAT = 5;

/** What an enactor sends for a fleet, and the records that it makes. */
async function cost(cell: CountedCell, change: (fleet: CellFleet) => CellFleet) {
  const before = (await cell.records()).length;
  await cell.declare(change);
  const { outcome, lists, changes, refused } = await cell.enact('hint');
  expect(outcome.type).toBe('applied');
  expect(refused).toBe(0);
  return { lists, changes, records: (await cell.records()).length - before };
}

// The table of docs/performance.md, "Trees with nodes".
describe('what trees with nodes cost in lists, changes and records', () => {
  it('is the table, for one endpoint of 10,000 targets', async () => {
    const cell = await countedCell(1, 10_000, FORMAT);
    expect(await cost(cell, (fleet) => inZones(fleet))).toEqual({ lists: 3, changes: 13, records: 10_198 });
    const changed = await cost(cell, (fleet) => inZones(fleet, (index) => (index === 0 ? 2 : 1)));
    expect(changed).toEqual({ lists: 2, changes: 2, records: 134 });
  }, 240_000);

  it('is the table, for 100 endpoints over 3 Regions of 30 targets', async () => {
    const cell = await countedCell(100, 90, FORMAT);
    expect(await cost(cell, (fleet) => inRegions(fleet))).toEqual({ lists: 3, changes: 12, records: 9_501 });
    const again = await cost(cell, (fleet) => inRegions(fleet, () => 2));
    expect(again).toEqual({ lists: 2, changes: 11, records: 9_300 });
    const changed = await cost(cell, (fleet) => inRegions(fleet, (index) => (index === 0 ? 3 : 2)));
    expect(changed).toEqual({ lists: 2, changes: 2, records: 33 });
  }, 240_000);

  it(`is the table, for what ${RETAINED} generations of one changed target leave in a zone, with and without nodes`, async () => {
    const held = async (shape: FleetShape) => heldByGenerations(await countedCell(10, 90, FORMAT), shape);
    expect({ flat: await held(inZones), regions: await held(inRegions) }).toEqual({
      flat: { records: 1_373, unshared: 1_373 },
      regions: { records: 1_118, unshared: 1_418 },
    });
  }, 240_000);
});
