import type { BodyDigest, RecordedEvent } from '../ledger/decider/events.ts';
import { pausePlanner } from '../operator/pause.ts';
import { rollback } from '../operator/rollback.ts';
import type { CellName } from '../plan/names.ts';
import type { CellFacts } from './cell-facts.ts';
import { cellFacts } from './cell-facts.ts';
import type { CellStory } from './cell-story.ts';
import { earlierOf, isRolledBack, UNDOING_REASON } from './cell-story.ts';
import type { RolloutDeps, UndoneCell } from './rollout.ts';

/** Each attempt loses only to somebody who writes at the same time, or an answer is lost. */
const ATTEMPTS_MAX = 3;

/** A cell of the wave, with the digest of the fleet that the wave declared in it. */
export interface WaveCell {
  readonly cell: CellName;
  readonly target: BodyDigest;
}

/**
 * Brings the answers back that the cells of one wave had before it: each by a rollback, which pauses its planner. Asked
 * for again, it goes on where it broke off. A cell in which the fleet does not stand (any more) is left alone.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached; cells before that one are then undone.
 */
export async function undoWave(
  deps: RolloutDeps,
  cells: readonly WaveCell[],
): Promise<readonly UndoneCell[] | { readonly type: 'unknown'; readonly reason: string }> {
  const undone: UndoneCell[] = [];
  for (const { cell, target } of cells) {
    const outcome = await undoCell(deps, cell, target);
    if (outcome === undefined) continue;
    if (outcome.type === 'unknown') return outcome;
    undone.push(outcome);
  }
  return undone;
}

async function undoCell(
  deps: RolloutDeps,
  cell: CellName,
  target: BodyDigest,
): Promise<UndoneCell | { readonly type: 'unknown'; readonly reason: string } | undefined> {
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const facts = await cellFacts(deps, cell, target);
    const { story } = facts;
    if (!facts.declared || story === undefined) return undefined;
    const about = { cell, to: story.before, earlier: earlierOf(story), orders: ordersIn(story) };
    if (isRolledBack(story)) return { type: 'rolled-back', ...about };
    const back = await bringBack(deps, facts, story);
    if (back.type === 'done') return { type: 'rolled-back', ...about };
    const paused =
      back.type === 'unknown' ? back : await pausePlanner(deps, { cell, reason: UNDOING_REASON });
    if (paused.type === 'unknown') {
      reason = paused.reason;
      continue;
    }
    // A planner that was quicker than the pause has changed answers after all.
    if ((await deps.ledger.head(cell)).state.goal?.generation !== facts.head.state.goal?.generation) continue;
    return back.type === 'nothing'
      ? { type: 'paused', ...about }
      : { type: 'left', ...about, says: back.reason };
  }
  return { type: 'unknown', reason: `Whether cell ${cell} was rolled back is not known (${reason}).` };
}

type Back =
  | { readonly type: 'done' }
  | { readonly type: 'nothing' }
  | { readonly type: 'refused' | 'unknown'; readonly reason: string };

/** Back to the plan before the wave, by its generation: to roll back twice would otherwise come to what was wrong. */
async function bringBack(deps: RolloutDeps, { cell }: CellFacts, story: CellStory): Promise<Back> {
  if (!story.since.some(isNewAnswer)) return { type: 'nothing' };
  if (story.before === undefined)
    return { type: 'refused', reason: `${cell} had no answers before this wave` };
  return rollback(deps, { cell, to: story.before, apply: true });
}

function isNewAnswer({ event }: RecordedEvent): boolean {
  return event.type === 'PlanAppended' || event.type === 'FenceAhead';
}

/** What people ordered since: the answers of before do not know of it. */
function ordersIn({ since }: CellStory): readonly string[] {
  return since.flatMap(({ event }) => {
    if (event.type === 'TargetDrained') return [`the drain of ${event.target}`];
    if (event.type === 'AzEvacuated') return [`the evacuation of ${event.az}`];
    return event.type === 'BranchEvacuated' ? [`the evacuation of the branch ${event.branch}`] : [];
  });
}
