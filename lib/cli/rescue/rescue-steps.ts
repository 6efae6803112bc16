import type { ForeseenRescue } from '../../operator/rescue-plan.ts';
import type { RollbackRescue } from '../../operator/rescue-to-rollback.ts';
import type { CellName } from '../../plan/names.ts';
import { some } from '../printing/event-text.ts';
import { counted, lines, tame } from '../printing/paper.ts';

/** What a rescue by a file would do, step by step. */
export function rescueSteps(cell: CellName, { seq, records, moved }: ForeseenRescue): string {
  if (records === 0)
    return `${cell} answers so already, and is frozen at fence seq ${seq}: nothing would be written.\n`;
  const roots = moved.length === 0 ? [] : [`point ${counted(moved.length, 'root')} at them: ${some(moved)}`];
  return stepsView(cell, [
    `freeze the fence of ${cell}, from seq ${seq} on`,
    `make trees of ${counted(records, 'record set')}, and wait until every name server has them`,
    ...roots,
  ]);
}

/** What a rescue back to the rollback roots would do, step by step. */
export function rollbackSteps(cell: CellName, { seq, moved, stayed }: RollbackRescue): string {
  const remarks = stayed.map(({ name, reason }) => `${name} would stay as it is: ${tame(reason)}`);
  if (moved.length === 0)
    return `${lines(remarks)}${cell} answers with what was live before already: no root would move.\n`;
  const steps = [
    `freeze the fence of ${cell}, from seq ${seq} on`,
    `point ${counted(moved.length, 'root')} at what was live before: ${some(moved)}`,
  ];
  return stepsView(cell, steps) + lines(remarks);
}

function stepsView(cell: CellName, steps: readonly string[]): string {
  return lines(
    'It would, with Route 53 alone:',
    steps.map((step, index) => `  ${index + 1}. ${step}`),
    `${cell} would stay frozen, and its log would know nothing of it before "pawl rescue adopt FILE".`,
  );
}
