import type { CommandNamed } from '../ledger/decider/commands.ts';
import { eventOf } from '../ledger/decider/commands.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { stateCharsMax, TREES_MAX } from '../ledger/decider/state.ts';
import { LONGEST_STAMP, worstStateChars } from '../ledger/decider/state-room.ts';
import type { Finding } from '../plan/findings.ts';

/** From this share of a bound on a plan has a note, percent: early enough for the janitor to make room. */
const NOTE_PERCENT = 80;

/**
 * Notes about the room that the plan leaves in the log's state: trees that no janitor has retired yet, and the
 * characters that the state could grow to. Endpoints for which there is no room are kept back before. Pure.
 */
export function lintRoom(state: CellState, command: CommandNamed<'AppendPlan'>): readonly Finding[] {
  const made = Object.keys(command.newTrees).length;
  const trees = Object.values(state.endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, made);
  const characters = worstStateChars(evolve(state, eventOf(command), LONGEST_STAMP));
  const charactersMax = stateCharsMax(state);
  const { cell } = state;
  const found: Finding[] = [];
  if (isNearly(trees, TREES_MAX))
    found.push({ code: 'retained-trees', severity: 'note', subject: cell, trees, treesMax: TREES_MAX });
  if (isNearly(characters, charactersMax))
    found.push({ code: 'state-limit', severity: 'note', subject: cell, characters, charactersMax });
  return found;
}

function isNearly(count: number, bound: number): boolean {
  return count * 100 > bound * NOTE_PERCENT;
}
