import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import type { RepeatedFailures } from './repeated-failures.ts';
import { LONGEST_WAIT_MS, repeatedFailures } from './repeated-failures.ts';
import type { Reporter } from './reports.ts';

/** Why a role looks at a cell: its log has something new, or it is time to look whatever the log says. */
export type Wakeup = 'hint' | 'sweep';

export interface LoopRun {
  readonly cell: CellName;
  readonly occasion: Wakeup;
  /** The number of the cell's newest event when the run began. */
  readonly position: number;
}

/** One worker of a role, such as `enactor-a`: what it does in one cell. */
export interface LoopedRole {
  readonly name: string;
  /** The ledger by clients of its own. */
  readonly ledger: () => Promise<Ledger>;
  /** Between two sweeps of a cell, milliseconds. */
  readonly sweepMs: number;
  /** Before the first sweep, milliseconds: roles that start together need not work together. */
  readonly firstSweepMs: number;
  /** False for a role that does not care what is new. */
  readonly followsLog: boolean;
  /** One run. Returns when to come again without a hint, in milliseconds since 1970; undefined: at the next sweep. */
  run(request: LoopRun): Promise<number | undefined>;
}

export interface LoopDeps {
  readonly clock: Clock;
  readonly report: Reporter;
  /** Between two looks at the logs, milliseconds. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

/** What a loop knows of a cell between two runs; all of it may be lost. */
interface Visit {
  position: number;
  nextSweep: number;
  comeAgain: number | undefined;
  notBefore: number;
  readonly failing: RepeatedFailures;
}

const EVENTS_A_POLL = 1_000;

/**
 * Runs a role over every cell, one after the other, until the signal is aborted; resolves after the run under way. What
 * a run throws is reported, and the run is tried again with a growing wait: no exception ends the loop, and trouble in
 * one cell does not keep the role from the next.
 */
export async function loopRole(role: LoopedRole, deps: LoopDeps): Promise<void> {
  const { clock, signal } = deps;
  const visits = new Map<CellName, Visit>();
  const failing = repeatedFailures(deps, { role: role.name });
  while (!signal.aborted) {
    let waitMs = deps.pollMs;
    try {
      const ledger = await role.ledger();
      for (const cell of await ledger.cells()) {
        if (signal.aborted) return;
        await visit(role, deps, ledger, cell, visits);
      }
      failing.none();
    } catch (error) {
      if (signal.aborted) return;
      waitMs = failing.one(error);
    }
    await pause(clock, waitMs, signal);
  }
}

async function visit(
  role: LoopedRole,
  deps: LoopDeps,
  ledger: Ledger,
  cell: CellName,
  visits: Map<CellName, Visit>,
): Promise<void> {
  const { clock, signal } = deps;
  const known = visits.get(cell) ?? {
    position: 0,
    nextSweep: clock.now() + role.firstSweepMs,
    comeAgain: undefined,
    notBefore: 0,
    failing: repeatedFailures(deps, { role: role.name, cell }),
  };
  visits.set(cell, known);
  const now = clock.now();
  shortenWaits(known, now, role);
  if (now < known.notBefore) return;
  try {
    const position = await newestNumber(ledger, cell, known.position);
    const isNew = role.followsLog && position > known.position;
    const isDue = clock.now() >= known.nextSweep;
    const isAwaited = known.comeAgain !== undefined && clock.now() >= known.comeAgain;
    if (!isNew && !isDue && !isAwaited) return;
    if (isDue) known.nextSweep = clock.now() + role.sweepMs;
    known.position = position;
    known.comeAgain = await role.run({ cell, occasion: isDue ? 'sweep' : 'hint', position });
    known.failing.none();
  } catch (error) {
    if (signal.aborted) return;
    const waitMs = known.failing.one(error);
    known.notBefore = clock.now() + waitMs;
    // Whatever the run was for is still to be done.
    known.comeAgain = known.notBefore;
  }
}

/** Where the clock was set back, no wait becomes longer than such a wait ever is. */
function shortenWaits(known: Visit, now: number, { sweepMs, firstSweepMs }: LoopedRole): void {
  known.nextSweep = Math.min(known.nextSweep, now + Math.max(sweepMs, firstSweepMs));
  known.notBefore = Math.min(known.notBefore, now + LONGEST_WAIT_MS);
}

/** The number of the newest event; reads only what came after `known`. */
async function newestNumber(ledger: Ledger, cell: CellName, known: number): Promise<number> {
  if (known === 0) return (await ledger.head(cell)).number;
  const events = await ledger.events(cell, { after: known, limit: EVENTS_A_POLL, order: 'forward' });
  return events.at(-1)?.number ?? known;
}

/** Sleeps, and wakes at once when the loop is to end. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
