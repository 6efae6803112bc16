import type { Command } from '../ledger/decider/commands.ts';
import { execute } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import type { HeadMark } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { NotDone, OperatorDeps } from './operator.ts';
import { unknown } from './operator.ts';

/** `recorded`: the log held it already, or there was nothing to ask for. */
export type Recorded =
  | { readonly type: 'appended'; readonly head: Head }
  | { readonly type: 'recorded'; readonly head: Head };

/**
 * Decides on the command that `propose` gives for the newest head and appends its event; a writer that loses decides
 * anew.
 *
 * @param anchor the mark of the cell's own fence, where the verb has read it: nothing is appended past it unsaid.
 * @param known a head that the verb has just read or appended, which saves a read of it.
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function recordEvent(
  deps: Pick<OperatorDeps, 'ledger' | 'clock' | 'name'>,
  cell: CellName,
  propose: (head: Head) => Promise<Command | undefined> | Command | undefined,
  anchor?: HeadMark,
  known?: Head,
): Promise<Recorded | NotDone> {
  const occasion = { at: () => deps.clock.now(), by: deps.name, anchor };
  const outcome = await execute(deps.ledger, cell, occasion, propose, known);
  switch (outcome.type) {
    case 'appended':
    case 'recorded':
      return outcome;
    case 'refused':
      return { type: 'refused', reason: outcome.reason };
    case 'unknown':
      return unknown(
        `Whether the ledger took the event is not known (${outcome.reason}): look at "pawl history --cell ${cell}".`,
      );
  }
}
