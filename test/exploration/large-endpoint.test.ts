import { describe, expect, it } from 'vitest';
import type { CellFleet, FleetEndpoint, FleetRoute } from '../../lib/plan/fleet-model.ts';
import type { CountedCell } from '../support/counted-cell.ts';
import { countedCell } from '../support/counted-cell.ts';

/** Plans of older cells have no nodes. */
const FORMAT = 5;
const ZONES = 3;
const REGIONS = ['ap-south-1', 'eu-west-1', 'us-east-1'];
const GENERATIONS = 5;

/** What an enactor sends for a fleet, and the records that it makes. */
async function cost(cell: CountedCell, change: (fleet: CellFleet) => CellFleet) {
  const before = (await cell.records()).length;
  await cell.declare(change);
  const { outcome, lists, changes, refused } = await cell.enact('hint');
  expect(outcome.type).toBe('applied');
  expect(refused).toBe(0);
  return { lists, changes, records: (await cell.records()).length - before };
}

/** Targets by availability zone in turn, each with an address of its own; `moved` ones have another. */
function addressed(fleet: CellFleet, isMoved: (index: number) => boolean = () => false): CellFleet {
  const targets = fleet.targets.map((each, index) => ({
    ...each,
    az: `az${index % ZONES}`,
    ipv4: [`10.${isMoved(index) ? 200 : 1}.${Math.floor(index / 250)}.${index % 250}`],
  }));
  return { ...fleet, targets };
}

/** The same, and every endpoint answers with a third of its targets in each of three Regions. */
function inRegions(fleet: CellFleet, isMoved?: (index: number) => boolean): CellFleet {
  const routed = (endpoint: FleetEndpoint): FleetEndpoint => {
    const branches = REGIONS.map((Region, region) => {
      const targets = endpoint.targets.filter((_, index) => index % REGIONS.length === region);
      return {
        id: Region,
        routing: { Region },
        route: { type: 'targets', targets, answer: 'weighted' } as const,
      };
    });
    const route: FleetRoute = { type: 'branches', policy: 'latency', branches };
    return { ...endpoint, targets: [...endpoint.targets].sort(), route };
  };
  return { ...addressed(fleet, isMoved), endpoints: fleet.endpoints.map(routed) };
}

// The table of docs/performance.md, "Trees with nodes".
describe('what trees with nodes cost in lists, changes and records', () => {
  it('is the table, for one endpoint of 10,000 targets', async () => {
    const cell = await countedCell(1, 10_000, FORMAT);
    expect(await cost(cell, (fleet) => addressed(fleet))).toEqual({ lists: 3, changes: 13, records: 10_198 });
    const changed = await cost(cell, (fleet) => addressed(fleet, (index) => index === 0));
    expect(changed).toEqual({ lists: 2, changes: 2, records: 134 });
  }, 240_000);

  it('is the table, for 100 endpoints over 3 Regions of 30 targets', async () => {
    const cell = await countedCell(100, 90, FORMAT);
    expect(await cost(cell, (fleet) => inRegions(fleet))).toEqual({ lists: 3, changes: 12, records: 9_501 });
    const again = await cost(cell, (fleet) => inRegions(fleet, () => true));
    expect(again).toEqual({ lists: 2, changes: 11, records: 9_300 });
  }, 240_000);

  it(`is the table, for what ${GENERATIONS} generations of one changed target leave in a zone, with and without nodes`, async () => {
    const held = async (change: typeof inRegions): Promise<number> => {
      const cell = await countedCell(10, 90, FORMAT);
      await cost(cell, (fleet) => change(fleet));
      for (let changed = 0; changed < GENERATIONS; changed += 1)
        await cost(cell, (fleet) => change(fleet, (index) => index <= changed));
      return (await cell.records()).length;
    };
    expect({ flat: await held(addressed), nodes: await held(inRegions) }).toEqual({
      flat: 1_373,
      nodes: 1_118,
    });
  }, 240_000);
});
