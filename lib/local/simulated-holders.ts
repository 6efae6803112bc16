import { declaredFleet } from '../cell/cell-bodies.ts';
import { lease } from '../fleet/sources/lease.ts';
import { holdPeriod } from '../lease/hold-period.ts';
import type { HolderMemory } from '../lease/holder.ts';
import { NEW_HOLDER } from '../lease/holder.ts';
import type { HearingZone, LeaseTable } from '../lease/lease-table.ts';
import type { CellName } from '../plan/names.ts';
import type { Randomness } from '../runtime/ids.ts';
import { systemStopwatch } from '../runtime/stopwatch.ts';
import type { World } from '../wiring/world.ts';
import { pause } from './role-loop.ts';

/** Members of a simulated group; all of them serve. */
const MEMBERS = 50;
const WHOLE = 255;
/** So many groups of a local world are held; the others are for whoever starts a holder of their own. */
const GROUPS_MAX = 500;
/** Between two looks at what is declared, milliseconds. */
const LOOK_MS = 2_000;
/** Between two looks at who is due, milliseconds. */
const BEAT_MS = 250;
const JITTER = 0.1;
/** Where no tick was read. */
const FIRST_EVERY_MS = 20_000;

/** A simulated holder between two periods. */
interface Holder {
  readonly zone: HearingZone;
  readonly group: string;
  memory: HolderMemory;
  /** Milliseconds of the stopwatch. */
  due: number;
}

/**
 * Holds every lease that the fleets of a local world declare, with the production code of a holder, until the signal is
 * aborted. A group that another holder has stays that one's. What a holder meets is in its row and in what planners hear.
 */
export async function simulateHolders(
  { leases, clock, randomness, ledger }: Pick<World, 'leases' | 'clock' | 'randomness' | 'ledger'>,
  signal: AbortSignal,
): Promise<void> {
  if (leases === undefined) return;
  const stopwatch = systemStopwatch();
  const holders = new Map<string, Holder>();
  const digests = new Map<CellName, string>();
  let looked = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const now = stopwatch.elapsedMs();
    if (now - looked >= LOOK_MS) {
      looked = now;
      await followFleets(ledger, digests, holders, now);
    }
    const due = [...holders.values()].filter((holder) => holder.due <= now);
    await Promise.all(due.map((holder) => period({ leases, stopwatch, randomness }, holder)));
    await pause(clock, BEAT_MS, signal);
  }
}

/** Adds holders of what was declared since, and ends those of what is not declared any more. */
async function followFleets(
  ledger: World['ledger'],
  digests: Map<CellName, string>,
  holders: Map<string, Holder>,
  now: number,
): Promise<void> {
  try {
    const open = await ledger();
    for (const cell of await open.cells()) {
      const { fleet: declared } = (await open.head(cell)).state;
      if (declared === null || digests.get(cell) === declared.digest) continue;
      const { targets } = await declaredFleet(open, cell, declared.digest);
      const own = new Map<string, Holder>();
      for (const { az, observedBy } of targets) {
        if (observedBy?.source !== lease.name || holders.size + own.size >= GROUPS_MAX) continue;
        const { group } = lease.reference.parse(observedBy.reference);
        const key = `${cell} ${az} ${group}`;
        own.set(key, holders.get(key) ?? { zone: { cell, az }, group, memory: NEW_HOLDER, due: now });
      }
      for (const key of holders.keys()) if (key.startsWith(`${cell} `) && !own.has(key)) holders.delete(key);
      for (const [key, holder] of own) holders.set(key, holder);
      digests.set(cell, declared.digest);
    }
  } catch {
    // The roles tell what is wrong with the ledger; the holders need it for news alone.
  }
}

async function period(
  deps: {
    readonly leases: LeaseTable;
    readonly stopwatch: { elapsedMs(): number };
    readonly randomness: Randomness;
  },
  holder: Holder,
): Promise<void> {
  const { zone, group } = holder;
  const members = new Array<number>(MEMBERS).fill(WHOLE);
  const began = deps.stopwatch.elapsedMs();
  const held = await holdPeriod(deps, { zone, group, by: 'simulated', members }, holder.memory);
  holder.memory = held.memory;
  const every = held.outcome.type === 'no-tick' ? LOOK_MS : (held.every ?? FIRST_EVERY_MS);
  holder.due = began + every * (1 + JITTER * (2 * deps.randomness.fraction() - 1));
}
