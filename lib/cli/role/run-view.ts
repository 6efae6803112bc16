import type { EnactOutcome } from '../../enactor/enactor.ts';
import type { RetireOutcome } from '../../janitor/janitor.ts';
import type { CellName } from '../../plan/names.ts';
import { some } from '../printing/event-text.ts';
import { counted, tame } from '../printing/paper.ts';

/** What one run of an enactor came to, a sentence. */
export function enactView(cell: CellName, outcome: EnactOutcome): string {
  switch (outcome.type) {
    case 'applied':
      return `${cell}@${outcome.generation} is applied (${outcome.reason}), fence seq ${outcome.seq}.\n`;
    case 'converged':
      return `${cell} is at its goal, ${cell}@${outcome.generation}: nothing to do.\n`;
    case 'superseded':
      return `${cell} is at its goal, ${cell}@${outcome.generation}, by ${tame(outcome.by)}, who was faster.\n`;
    case 'frozen':
      return `${cell} is frozen by ${tame(outcome.by)}: nothing was written. "pawl thaw ${cell}" lets it go on.\n`;
    case 'idle':
    case 'refused':
    case 'unfinished':
      return `${cell}: ${tame(outcome.reason).replace(/\.$/, '')}.\n`;
  }
}

/** What one run of a janitor came to, a sentence. */
export function retireView(cell: CellName, outcome: RetireOutcome): string {
  switch (outcome.type) {
    case 'retired':
      return `${cell}: ${counted(outcome.names.length, 'tree')} retired (${some(outcome.names)}), fence seq ${outcome.seq}.\n`;
    case 'nothing':
      return `${cell}: nothing to retire (${tame(outcome.reason).replace(/\.$/, '')}).\n`;
    case 'lost':
      return `${cell}: something moved meanwhile, and nothing was deleted (${tame(outcome.reason).replace(/\.$/, '')}): run it again.\n`;
    case 'unknown':
      return `${cell}: whether the trees are gone is not known (${tame(outcome.reason).replace(/\.$/, '')}).\n`;
  }
}
