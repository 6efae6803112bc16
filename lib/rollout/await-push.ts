import { fleetBody } from '../cell/cell-bodies.ts';
import { sha256 } from '../plan/canonical.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName } from '../plan/names.ts';
import type { CellFacts } from './cell-facts.ts';
import { cellFacts } from './cell-facts.ts';
import type { RolloutDeps } from './rollout.ts';
import { appliedWithinMs, isApplied, stoppedBy, waitsForTaker } from './wave-verdict.ts';

/**
 * How a cell stands to the fleet that was pushed. `applied`: all that it asks for. `held`: what else it asks for, and some
 * endpoints wait for a person. `waits`: nobody has planned or applied it yet. The others say what stands in the way, a
 * clause each: Route 53 refused records, a person has stopped the cell, or somebody pushed another fleet.
 */
export type AwaitedCell = { readonly cell: CellName } & (
  | { readonly type: 'applied' | 'waits' }
  | { readonly type: 'held'; readonly says: string }
  | { readonly type: 'refused' | 'stopped' | 'replaced'; readonly says: string }
);

/**
 * The end of a wait: every cell is as it is said, or one stands still (`stopped`), or the time is over, or the person
 * waits no longer.
 */
export interface AwaitedPush {
  readonly type: 'applied' | 'held' | 'stopped' | 'timed-out' | 'interrupted';
  readonly cells: readonly AwaitedCell[];
  /** How long it may take until it is planned and applied, milliseconds. */
  readonly withinMs: number;
}

/** What a wait looks with: it writes nothing. */
export type AwaitDeps = Pick<RolloutDeps, 'ledger' | 'source' | 'clock' | 'lookMs'>;

export interface AwaitRequest {
  /** As they were declared. */
  readonly cells: readonly CellFleet[];
  /** Told how every cell stands, whenever that changes. */
  readonly tell: (cells: readonly AwaitedCell[]) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until the fleets that were pushed are applied, as far as that needs no person, at most as long as a wave of a
 * rollout waits: 15 minutes, and what the policy coalesces. It writes nothing.
 *
 * @throws LedgerUnavailable, BodyDamaged when the ledger cannot be read.
 */
export async function awaitPush(
  deps: AwaitDeps,
  { cells, tell, signal }: AwaitRequest,
): Promise<AwaitedPush> {
  const begun = deps.clock.now();
  let told = '';
  for (;;) {
    const looked = await lookAt(deps, cells);
    const { awaited, withinMs } = looked;
    const text = JSON.stringify(awaited);
    if (text !== told) tell(awaited);
    told = text;
    const end = endOf(awaited, deps.clock.now() > begun + withinMs);
    if (end !== undefined) return { type: end, cells: awaited, withinMs };
    if (!(await slept(deps, signal))) return { type: 'interrupted', cells: awaited, withinMs };
  }
}

async function lookAt(
  deps: AwaitDeps,
  cells: readonly CellFleet[],
): Promise<{ readonly awaited: readonly AwaitedCell[]; readonly withinMs: number }> {
  const awaited: AwaitedCell[] = [];
  let withinMs = 0;
  for (const fleet of cells) {
    const facts = await cellFacts(deps, fleet.cell, sha256(fleetBody(fleet)));
    awaited.push(awaitedCell(facts));
    withinMs = Math.max(withinMs, appliedWithinMs(facts.head.state));
  }
  return { awaited, withinMs };
}

function endOf(cells: readonly AwaitedCell[], isLate: boolean): AwaitedPush['type'] | undefined {
  const types = new Set(cells.map(({ type }) => type));
  if (types.has('refused') || types.has('stopped') || types.has('replaced')) return 'stopped';
  if (!types.has('waits')) return types.has('held') ? 'held' : 'applied';
  return isLate ? 'timed-out' : undefined;
}

/** Judges one cell by what its ledger says. Pure. */
function awaitedCell({ cell, head, declared, judged }: CellFacts): AwaitedCell {
  if (!declared || judged === undefined)
    return { cell, type: 'replaced', says: `somebody pushed another fleet for cell ${cell} since` };
  const stops = stoppedBy(head);
  if (stops !== undefined) return { cell, type: 'stopped', says: stops };
  // What is awaited of another cell is refused for as long as that one answers.
  const awaits = new Set<string>(head.state.awaited.map(({ name }) => name));
  const refused = head.state.refused.map(({ name }) => name).filter((name) => !awaits.has(name));
  if (refused.length > 0)
    return { cell, type: 'refused', says: `Route 53 refused the records of ${refused.join(', ')}` };
  const { isPlanned, keptBack } = judged;
  const atWork = keptBack.some(({ findings }) => waitsForTaker(findings));
  if (!isPlanned || !isApplied(head) || atWork || awaits.size > 0) return { cell, type: 'waits' };
  const names = keptBack.map(({ name }) => name);
  return names.length === 0
    ? { cell, type: 'applied' }
    : { cell, type: 'held', says: `${names.join(', ')} waits for a person: "pawl plan approve ${cell}"` };
}

async function slept({ clock, lookMs }: AwaitDeps, signal?: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(lookMs, signal);
    return true;
  } catch (error) {
    if (signal?.aborted === true) return false;
    throw error;
  }
}
