import type { Undone } from '../../operator/undone-by-push.ts';
import type { CellName } from '../../plan/names.ts';
import { some } from '../printing/event-text.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';

/** What a push would undo of what people ordered and recorded, a line each. */
export function undoneView(cell: CellName, undone: readonly Undone[], paper: Paper): string {
  return lines(
    undone.map((each) => paint(paper, 'careful', `${cell}: this push undoes ${undoneText(cell, each)}.`)),
  );
}

/** The same in a question: the first few. */
export function undoneInShort(undone: readonly Undone[]): string {
  return some(undone.map(undoneName));
}

function undoneName(undone: Undone): string {
  switch (undone.type) {
    case 'drain':
      return `the drain of ${undone.target}`;
    case 'evacuation':
      return `the evacuation of ${undone.az}`;
    case 'branch-evacuation':
      return `the evacuation of the branch ${undone.branch}`;
    case 'observation':
      return `the observation of ${undone.target}`;
    case 'rejection':
      return `a rejection for ${undone.name}`;
    case 'held-plan':
      return `the held plan @${undone.generation}`;
  }
}

/** What is undone, a clause without a full stop. */
export function undoneText(cell: CellName, undone: Undone): string {
  const name = tame(undoneName(undone));
  switch (undone.type) {
    case 'drain':
      return undone.servesAs === null
        ? `${name}, which the file does not have any more`
        : `${name}, which would serve as ${tame(undone.servesAs)}: "pawl target drain ${tame(undone.servesAs)}" takes it out again`;
    case 'evacuation':
    case 'branch-evacuation':
      return undone.serving.length === 0
        ? `${name}: the file has no ${undone.type === 'evacuation' ? 'target there' : 'such branch'} any more`
        : `${name}: ${some(undone.serving)} would serve again (${counted(undone.serving.length, 'target')})`;
    case 'observation':
      return `${name} (${observationText(undone.observed)}): ${undone.declared === null ? 'its source looks from now on' : `the file says ${observationText(undone.declared)}`}`;
    case 'rejection':
      return `${name} by ${tame(undone.by)}: something else is asked of it now`;
    case 'held-plan':
      return `${name}, which cannot be approved once another plan follows: "pawl plan show ${cell}@${undone.generation}"`;
  }
}

function observationText({
  health,
  capacity,
}: {
  readonly health: string;
  readonly capacity: number;
}): string {
  return `${health}, capacity ${capacity}`;
}
