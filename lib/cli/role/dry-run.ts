import type { Ledger } from '../../ledger/ledger.ts';
import type { Change } from '../../plan/records.ts';
import type { Write } from '../../wiring/what-if.ts';
import { whatIf } from '../../wiring/what-if.ts';
import type { World } from '../../wiring/world.ts';
import type { Session } from '../command/session.ts';
import { eventText } from '../printing/event-text.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines } from '../printing/paper.ts';
import { recordAnswer } from '../printing/records-view.ts';
import { table } from '../printing/table.ts';

/** A run of a role by a person: the world and the ledger that it works in. */
export interface ManualRun {
  readonly world: World;
  readonly ledger: Ledger;
  /** Ends the run: prints what a dry run would have written, and returns it for the document. */
  readonly end: () => { readonly writes?: readonly Write[] };
}

/** Begins a run in the world itself; a dry run gets a copy whose writes stay in memory. */
export function beginRun(
  session: Session,
  world: World,
  ledger: Ledger,
  isDry: boolean | undefined,
): ManualRun {
  if (isDry !== true) return { world, ledger, end: () => ({}) };
  const dry = whatIf(world, ledger);
  return {
    world: dry.world,
    ledger: dry.ledger,
    end: () => {
      session.say(writesView(dry.writes, session.paper));
      return { writes: dry.writes };
    },
  };
}

/** The writes of a dry run in order: a line for each event and each batch, and a row for each change of a batch. */
function writesView(writes: readonly Write[], paper: Paper): string {
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
