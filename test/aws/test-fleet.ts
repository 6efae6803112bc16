import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { TestCell } from './place.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/fleet.yaml', import.meta.url));

/** A fleet file, as far as the suite changes it. */
export interface FleetDocument {
  cells: Record<
    string,
    {
      zone: string;
      policy?: Record<string, number>;
      targets: Record<string, Record<string, unknown>>;
      endpoints: Record<string, unknown>;
    }
  >;
}

/** The example fleet, as far as there are cells for it, in their zones. */
export async function exampleFleet(cells: readonly TestCell[]): Promise<FleetDocument> {
  const text = await readFile(EXAMPLE, 'utf8');
  const [only] = cells;
  const there = cells.length === 1 && only !== undefined ? text.replaceAll('example.test', only.zone) : text;
  const fleet = parse(there) as FleetDocument & { defaults?: { policy?: Record<string, number> } };
  for (const name of Object.keys(fleet.cells))
    if (!cells.some(({ cell }) => cell === name)) delete fleet.cells[name];
  // The steps follow each other faster than a day's changes do, and are not what the policies are about.
  fleet.defaults = {
    ...fleet.defaults,
    policy: {
      ...fleet.defaults?.policy,
      coalesce_s: 0,
      capacity_removed_percent: 100,
      capacity_window_s: 60,
      endpoints_changed_percent: 100,
    },
  };
  return fleet;
}

export async function writeFleet(path: string, fleet: FleetDocument): Promise<string> {
  await writeFile(path, stringify(fleet));
  return path;
}
