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

/**
 * The example fleet, as far as there are cells for it, in their zones. In a real account (one cell) its load balancers
 * do not exist, and Route 53 refuses an alias to what it does not find: addresses of documentation (RFC 5737) stand in
 * their place.
 */
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
  if (cells.length === 1) withoutBalancers(fleet);
  return fleet;
}

function withoutBalancers(fleet: FleetDocument): void {
  for (const { targets, endpoints } of Object.values(fleet.cells)) {
    let address = 0;
    for (const target of Object.values(targets)) {
      if (target['alias'] === undefined) continue;
      delete target['alias'];
      address += 1;
      target['ipv4'] = `203.0.113.${address}`;
    }
    for (const endpoint of Object.values(endpoints) as { kind?: string }[])
      if (endpoint.kind === 'alias') endpoint.kind = 'addresses';
  }
}

export async function writeFleet(path: string, fleet: FleetDocument): Promise<string> {
  await writeFile(path, stringify(fleet));
  return path;
}
