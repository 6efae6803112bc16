import type { HeadMark } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { Command } from './decider/commands.ts';
import { decide } from './decider/decide.ts';
import { unsaidMark } from './head-mark.ts';
import type { AppendOutcome, Head, Ledger } from './ledger.ts';

/** Losing this often in a row means something appends without pause, which no role of Pawl does. */
const ATTEMPTS_MAX = 200;

/** What became of a command. `recorded`: the log held it already. */
export type ExecuteOutcome =
  | { readonly type: 'appended'; readonly head: Head }
  | { readonly type: 'recorded'; readonly head: Head }
  | { readonly type: 'refused'; readonly reason: string; readonly head: Head }
  | { readonly type: 'unknown'; readonly reason: string };

export interface Occasion {
  readonly at: () => number;
  readonly by: string;
  /**
   * The mark of the fence that the writer has read, before every head that it appends at; absent for whoever has read
   * none.
   */
  readonly anchor?: HeadMark | undefined;
}

/**
 * Reads the head, asks `propose` for the command (undefined: none), decides and appends. A writer that loses decides
 * everything anew, on the head that won if the store returns it, else on the newest head.
 *
 * @param known a head that the writer has just read or appended: the first decision rests on it, and reads nothing.
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function execute(
  ledger: Ledger,
  cell: CellName,
  occasion: Occasion,
  propose: (head: Head) => Promise<Command | undefined> | Command | undefined,
  known?: Head,
): Promise<ExecuteOutcome> {
  let winner = known;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const head: Head = winner ?? (await ledger.head(cell));
    const command = await propose(head);
    if (command === undefined) return { type: 'recorded', head };
    const outcome = await executeAt(ledger, head, occasion, command);
    if (outcome.type !== 'lost') return outcome;
    // The winner is used once: many events may have followed it, and a read finds the newest.
    winner = winner === undefined ? outcome.winner : undefined;
  }
  return { type: 'unknown', reason: `lost the race for the next event ${ATTEMPTS_MAX} times in a row` };
}

/** Decides and appends at exactly the head given: `lost` when the log has moved on since it was read. */
export async function executeAt(
  ledger: Ledger,
  head: Head,
  occasion: Occasion,
  command: Command,
): Promise<ExecuteOutcome | Extract<AppendOutcome, { readonly type: 'lost' }>> {
  const decision = decide(command, head.state, unsaidMark(head, occasion.anchor));
  switch (decision.type) {
    case 'recorded':
      return { type: 'recorded', head };
    case 'refused':
      return { type: 'refused', reason: decision.reason, head };
    case 'append':
      return ledger.append(head, { event: decision.event, at: occasion.at(), by: occasion.by });
  }
}
