import type { PlanAppended } from '../ledger/decider/events.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { STATE_CHARS_MAX, TREES_MAX } from '../ledger/decider/state.ts';
import { worstStateChars } from '../ledger/decider/state-room.ts';
import type { Finding } from '../plan/findings.ts';

/** From this share of a bound on it is worth a note, percent: the janitor has time to work. */
const NOTE_PERCENT = 80;

/**
 * Findings about what the plan leaves in the log's state: trees that no janitor has retired yet, and the characters
 * that it could grow to. Beyond the bounds the ledger would refuse the plan, so it is never proposed. Pure.
 */
export function lintRoom(state: CellState, proposal: PlanAppended): readonly Finding[] {
  const made = Object.keys(proposal.newTrees).length;
  const trees = Object.values(state.endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, made);
  const chars = worstStateChars(evolve(state, proposal, { at: 0, by: '' }));
  // A plan that makes no tree takes no room, however little is left.
  const isTaking = made > 0;
  return [
    ...overBound('retained-trees', trees, TREES_MAX, isTaking, (bound) => ({
      subject: state.cell,
      message: `Cell ${state.cell} would have ${trees} trees that no janitor has retired, of at most ${bound}: let the janitor run, or retain fewer generations.`,
    })),
    ...overBound('state-limit', chars, STATE_CHARS_MAX, isTaking, (bound) => ({
      subject: state.cell,
      message: `The state of cell ${state.cell} could grow to ${chars} characters, of at most ${bound}: let the janitor retire trees, retain fewer generations, or split the cell.`,
    })),
  ];
}

function overBound(
  code: 'retained-trees' | 'state-limit',
  count: number,
  bound: number,
  isTaking: boolean,
  about: (bound: number) => Pick<Finding, 'subject' | 'message'>,
): readonly Finding[] {
  if (count > bound && isTaking) return [{ code, severity: 'fatal', ...about(bound) }];
  return count * 100 > bound * NOTE_PERCENT ? [{ code, severity: 'note', ...about(bound) }] : [];
}
