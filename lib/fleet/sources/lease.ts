import { z } from 'zod';
import type { SourceReference } from '../../plan/fleet-model.ts';
import { pattern, strictMap } from '../shapes.ts';
import type { SourceKind } from './source-kind.ts';

/** As a row of the table of leases has it (lib/lease/lease-row.ts). */
const GROUP = /^[a-z0-9-]{1,64}$/;
/** Groups of one availability zone whose rows a planner reads at each run. */
const GROUPS_A_ZONE_MAX = 2_000;

const schema = strictMap(
  { group: pattern(GROUP, 'the name of a group of 1 to 64 of a-z, 0-9 and "-", such as rack-7') },
  'a map with group',
);

const reference = z.strictObject({ group: z.string().regex(GROUP) });

/** Leases that holders keep in a table of Pawl's (docs/leases.md). Asked by lease-source.ts. */
export const lease = {
  name: 'lease',
  schema,
  reference,
  read: (given: unknown): SourceReference => schema.parse(given),
  write: (given: SourceReference) => reference.parse(given),
  place: 'by its lease',
  fleetFormat: 2,
  // It serves once it was heard.
  unobserved: 'unhealthy',
  limit: (targets) => {
    const zones = new Map<string, Set<string>>();
    for (const { az, reference: given } of targets) {
      const groups = zones.get(az) ?? new Set();
      zones.set(az, groups.add(reference.parse(given).group));
    }
    const [full] = [...zones].filter(([, groups]) => groups.size > GROUPS_A_ZONE_MAX);
    if (full === undefined) return undefined;
    const [az, { size }] = full;
    return `${az} has ${size} groups with leases, more than ${GROUPS_A_ZONE_MAX}: give the groups more members, up to 750, or split the cell.`;
  },
} as const satisfies SourceKind;
