import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HearingZone, LeaseTable } from '../lease/lease-table.ts';
import { LeasesAway } from '../lease/lease-table.ts';

const shape = z.strictObject({
  /** The table is away for everybody. */
  store: z.boolean(),
  /** Availability zones whose holders reach no table. */
  zones: z.array(z.string().min(1)),
});

/** What is cut in a local world, for whoever practises an outage of leases. */
export type LeaseCuts = Readonly<z.infer<typeof shape>>;

export const NOTHING_CUT: LeaseCuts = { store: false, zones: [] };

function cutsPath(folder: string): string {
  return join(folder, 'lease-cuts.json');
}

/** What is cut in the local world of a folder; nothing where the file is missing or cannot be read. */
export async function readLeaseCuts(folder: string): Promise<LeaseCuts> {
  try {
    const read = shape.safeParse(JSON.parse(await readFile(cutsPath(folder), 'utf8')));
    return read.data ?? NOTHING_CUT;
  } catch {
    return NOTHING_CUT;
  }
}

/** Readers see the old file or the new one. */
export async function writeLeaseCuts(folder: string, cuts: LeaseCuts): Promise<void> {
  const beside = `${cutsPath(folder)}.new`;
  await writeFile(beside, `${JSON.stringify(cuts)}\n`);
  await rename(beside, cutsPath(folder));
}

/**
 * The table of a local world with its cuts: what is cut is away at the next call, and there again once it is mended. A cut
 * zone is cut for its holders, who alone read and write single rows; planners hear what stands in the table.
 */
export function cutLeases(leases: LeaseTable, folder: string): LeaseTable {
  const check = async ({ az }: HearingZone, isHolders: boolean): Promise<void> => {
    const { store, zones } = await readLeaseCuts(folder);
    if (store) throw new LeasesAway('The table of leases is cut off ("pawl lease cut --store").');
    if (isHolders && zones.includes(az))
      throw new LeasesAway(`The holders of ${az} are cut off ("pawl lease cut --zone ${az}").`);
  };
  return {
    readTick: async (zone) => {
      await check(zone, false);
      return leases.readTick(zone);
    },
    putTick: async (zone, tick, known) => {
      await check(zone, false);
      return leases.putTick(zone, tick, known);
    },
    readRow: async (zone, group) => {
      await check(zone, true);
      return leases.readRow(zone, group);
    },
    readRows: async (zone, after) => {
      await check(zone, false);
      return leases.readRows(zone, after);
    },
    putRow: async (zone, row, known) => {
      await check(zone, true);
      return leases.putRow(zone, row, known);
    },
  };
}
