import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import type { Figures } from '../report.ts';
import { report } from '../report.ts';
import { heldByGenerations } from '../retained-generations.ts';
import type { FleetShape } from '../routed-fleets.ts';
import { inRegions, inZones } from '../routed-fleets.ts';
import type { ServedCell } from '../served-cell.ts';
import { servedCell } from '../served-cell.ts';

/**
 * Trees with nodes, through the real client over HTTP to the emulator: what they take to make, to change and to keep.
 * The argument names one part, unless all are asked for. Times are of the enactor; `_plan_s` is of the planner.
 */
const PARTS: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['large', largeEndpoint],
  ['regions', manyEndpoints],
  ['retained', retainedGenerations],
]);
const asked = process.argv[2];
const part = PARTS.get(asked ?? '');
if (asked !== undefined && part === undefined)
  throw new Error(`The part ${asked} is none of ${[...PARTS.keys()].join(', ')}.`);
for (const run of part === undefined ? PARTS.values() : [part]) await run();

async function largeEndpoint(): Promise<void> {
  const cell = await servedCell({ endpoints: 1, targets: 10_000, format: NEWEST_LEDGER_FORMAT });
  report('one endpoint of 10,000 targets', {
    ...(await planned('created', cell, inZones, () => 1)),
    ...(await enacted('hint_of_nothing', cell, 'hint')),
    ...(await enacted('sweep_of_nothing', cell, 'sweep')),
    ...(await planned('one_changed', cell, inZones, (index) => (index === 0 ? 2 : 1))),
  });
  await cell.close();
}

async function manyEndpoints(): Promise<void> {
  const cell = await servedCell({ endpoints: 100, targets: 90, format: NEWEST_LEDGER_FORMAT });
  report('100 endpoints of 3 Regions of 30', {
    ...(await planned('created', cell, inRegions, () => 1)),
    ...(await planned('all_changed', cell, inRegions, () => 2)),
    ...(await planned('one_changed', cell, inRegions, (index) => (index === 0 ? 3 : 2))),
  });
  await cell.close();
}

async function retainedGenerations(): Promise<void> {
  const held = async (shape: FleetShape) => {
    const cell = await servedCell({ endpoints: 10, targets: 90, format: NEWEST_LEDGER_FORMAT });
    const records = await heldByGenerations(cell, shape);
    await cell.close();
    return records;
  };
  const flat = await held(inZones);
  const regions = await held(inRegions);
  report('10 endpoints of 90, five generations kept', {
    flat_records: flat.records,
    regions_records: regions.records,
    regions_records_unshared: regions.unshared,
  });
}

async function planned(
  what: string,
  cell: ServedCell,
  shape: FleetShape,
  networkOf: (index: number) => number,
): Promise<Figures> {
  const started = performance.now();
  await cell.declare((fleet) => shape(fleet, networkOf));
  const seconds = (performance.now() - started) / 1_000;
  return { [`${what}_plan_s`]: seconds, ...(await enacted(what, cell, 'hint')) };
}

async function enacted(what: string, cell: ServedCell, mode: 'hint' | 'sweep'): Promise<Figures> {
  const before = (await cell.records()).length;
  const { seconds, lists, changes, requests } = await cell.enact(mode);
  return {
    [`${what}_s`]: seconds,
    [`${what}_lists`]: lists,
    [`${what}_changes`]: changes,
    [`${what}_requests`]: requests,
    [`${what}_records`]: (await cell.records()).length - before,
  };
}
