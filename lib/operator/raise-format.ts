import { FORMATS, newestFormat } from '../ledger/decider/formats.ts';
import type { CellName } from '../plan/names.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface RaiseFormatRequest {
  readonly cell: CellName;
  /** The newest format that every function of the cell reads. */
  readonly functionsRead: number;
  /** False: say what would be raised, and write nothing. */
  readonly apply: boolean;
}

export interface RaisedFormat {
  readonly from: number;
  readonly to: number;
}

/**
 * Lets a cell be written in the newest format that this release knows (docs/adr/0040-formats-of-what-is-stored.md).
 * Every reader must know it first: older releases stop at the cell from then on, and nothing lowers a format again.
 *
 * @returns equal `from` and `to` when there is nothing to raise.
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function raiseFormat(
  deps: OperatorDeps,
  { cell, functionsRead, apply }: RaiseFormatRequest,
): Promise<Outcome<RaisedFormat>> {
  const { format: from } = (await deps.ledger.head(cell)).state;
  const { number: to, release } = newestFormat(FORMATS);
  if (from >= to) return { type: 'done', from, to: from };
  if (functionsRead < to) {
    return refused(
      `The functions of cell ${cell} read formats up to ${functionsRead}, and this Pawl would write format ${to}: deploy ${release} or a newer release first.`,
    );
  }
  if (!apply) return { type: 'done', from, to };
  const outcome = await recordEvent(deps, cell, () => ({ type: 'RaiseFormat', format: to }));
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', from, to };
}
