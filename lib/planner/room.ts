import type { CommandNamed } from '../ledger/decider/commands.ts';
import { eventOf } from '../ledger/decider/commands.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { STATE_CHARS_MAX, TREES_MAX } from '../ledger/decider/state.ts';
import { worstStateChars } from '../ledger/decider/state-room.ts';
import type { Finding, Severity } from '../plan/findings.ts';

/** From this share of a bound on a plan has a note, percent: early enough for the janitor to make room. */
const NOTE_PERCENT = 80;

/**
 * Findings about the room that the plan leaves in the log's state: trees that no janitor has retired yet, and the
 * characters that the state could grow to. Beyond these bounds the ledger would refuse the plan, so it is never
 * proposed. Pure.
 */
export function lintRoom(state: CellState, command: CommandNamed<'AppendPlan'>): readonly Finding[] {
  const made = Object.keys(command.newTrees).length;
  const trees = Object.values(state.endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, made);
  const characters = worstStateChars(evolve(state, eventOf(command), { at: 0, by: '' }));
  // A plan that makes no tree takes no room, however little is left.
  const isTaking = made > 0;
  const ofTrees = roomSeverity(trees, TREES_MAX, isTaking);
  const ofState = roomSeverity(characters, STATE_CHARS_MAX, isTaking);
  const { cell } = state;
  const found: Finding[] = [];
  if (ofTrees !== undefined)
    found.push({ code: 'retained-trees', severity: ofTrees, subject: cell, trees, treesMax: TREES_MAX });
  if (ofState !== undefined)
    found.push({
      code: 'state-limit',
      severity: ofState,
      subject: cell,
      characters,
      charactersMax: STATE_CHARS_MAX,
    });
  return found;
}

function roomSeverity(count: number, bound: number, isTaking: boolean): Severity | undefined {
  if (count > bound && isTaking) return 'fatal';
  return count * 100 > bound * NOTE_PERCENT ? 'note' : undefined;
}
