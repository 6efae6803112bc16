import type { Head } from '../ledger/ledger.ts';
import type { ForeseenPlan } from '../operator/foresee-push.ts';
import type { CellName } from '../plan/names.ts';
import { stoppedBy, waitsForTaker } from './wave-verdict.ts';

/** A wave of a rollout that nobody has begun. Waves are counted from 1. */
export interface ForeseenWave {
  readonly wave: number;
  readonly cells: readonly CellName[];
  /** Why it would not begin as things are now, a clause; null: nothing in the ledgers stands in its way. */
  readonly stops: string | null;
}

/**
 * Each wave, and what the rollout would stop at when its turn comes: a cell that a person has stopped, or a change that a
 * person would have to approve. Alarms are asked when the wave begins, and by nobody before. Pure.
 *
 * @param heads of the cells that get another fleet, and of no others: where nothing changes, nothing is stopped.
 * @param foreseen of the same cells.
 */
export function foreseenWaves(
  waves: readonly (readonly CellName[])[],
  heads: readonly Head[],
  foreseen: readonly ForeseenPlan[],
): readonly ForeseenWave[] {
  return waves.map((cells, index) => {
    const isIn = ({ cell }: { readonly cell: CellName }): boolean => cells.includes(cell);
    const [stopped] = heads.filter(isIn).flatMap((head) => stoppedBy(head) ?? []);
    return { wave: index + 1, cells, stops: stopped ?? heldBefore(foreseen.filter(isIn)) ?? null };
  });
}

/**
 * What a person would have to approve of a wave before it changes anything, as the planner is foreseen to judge it: such
 * a wave is not begun, because it would go back as soon as it is kept back. Pure.
 */
export function heldBefore(foreseen: readonly ForeseenPlan[]): string | undefined {
  for (const { cell, keptBack } of foreseen) {
    const anew = keptBack.find(({ isNew, findings }) => isNew && !waitsForTaker(findings));
    if (anew === undefined) continue;
    const codes = [...new Set(anew.findings.map(({ code }) => code))].join(', ');
    return `${anew.name} would be kept back in cell ${cell} (${codes}), and a wave goes back for that. Push such a change in a file of its own, or with --all-at-once, and approve it cell by cell`;
  }
  return undefined;
}
