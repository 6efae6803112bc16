import type { Change } from '../../plan/records.ts';
import type { Write } from '../../wiring/what-if.ts';
import { eventText } from '../printing/event-text.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines } from '../printing/paper.ts';
import { recordAnswer } from '../printing/records-view.ts';
import { table } from '../printing/table.ts';

/** What a run would have written, in order: every event a line, every batch a line and its changes a row each. */
export function writesView(writes: readonly Write[], paper: Paper): string {
  if (writes.length === 0) return 'Nothing would be written.\n';
  const parts = writes.map((write) => {
    if (write.type === 'event') return lines(`to the ledger: ${eventText(write.event)}`);
    const { kind, changes } = write.batch;
    return `${lines(`to the zone: a ${kind} batch of ${counted(changes.length, 'change')}`)}${changesView(changes, paper)}`;
  });
  return `${parts.join('')}Nothing was written.\n`;
}

function changesView(changes: readonly Change[], paper: Paper): string {
  return table(
    paper,
    [
      { head: '' },
      { head: 'NAME' },
      { head: 'TYPE' },
      { head: 'WEIGHT', align: 'right' },
      { head: 'ANSWER' },
    ],
    changes.map(({ action, record }) => [
      action === 'CREATE' ? { text: '+', tone: 'good' } : { text: '-', tone: 'bad' },
      record.name,
      record.type,
      record.weight === undefined ? '' : String(record.weight),
      recordAnswer(record),
    ]),
  );
}
