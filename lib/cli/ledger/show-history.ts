import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { nearest } from '../../fleet/suggestion.ts';
import { EVENT_TYPES } from '../../ledger/decider/event-shape.ts';
import type { EventType, RecordedEvent } from '../../ledger/decider/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { eachAtOnce } from '../../runtime/at-once.ts';
import { meantCells } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { untilInterrupted } from '../command/session.ts';
import { inOrder, newestEvents, newestHeads } from '../look/newest-log.ts';
import { eventText, eventTone } from '../printing/event-text.ts';
import { moment } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { paint, tame } from '../printing/paper.ts';
import type { Cell } from '../printing/table.ts';
import { table } from '../printing/table.ts';

interface HistoryFlags {
  readonly cell?: string;
  readonly type?: readonly EventType[];
  readonly limit: number;
  readonly follow?: boolean;
}

const FOLLOW_MS = 1_000;
/** Cells that are read at the same time. */
const CELLS_AT_ONCE = 32;
const LIMIT = 20;
const LIMIT_MAX = 10_000;
/** The most events of one cell at one look. */
const FOLLOWED_MAX = 500;

/** The length of the longest type, so that the texts after the types are aligned. */
const TYPE_COLUMNS = Math.max(...EVENT_TYPES.map(({ length }) => length));

export function historyCommand(runtime: Runtime): Command {
  return newCommand('history', 'Show the newest events of the ledger, oldest first.', [
    ['pawl history --cell use1-a --limit 50', ''],
    ['pawl history --type PlanApplied --follow', 'goes on until Ctrl-C'],
  ])
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'this cell alone')
    .option('--limit <number>', `events at most, 1 to ${LIMIT_MAX}`, wholeNumber(1, LIMIT_MAX), LIMIT)
    .option('--type <types>', 'events of these types alone, with commas between', eventTypes)
    .option('--follow', 'then print every new event; with --json a document a line')
    .action((_: string | undefined, flags: HistoryFlags, command: Command) =>
      runtime.run(command, (session) => history(session, flags)),
    );
}

async function history(session: Session, flags: HistoryFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const cells = await meantCells(ledger, flags.cell);
  const heads = await eachAtOnce(cells, CELLS_AT_ONCE, (cell) => ledger.head(cell));
  const newest = await eachAtOnce(newestHeads(heads, flags), CELLS_AT_ONCE, (head) =>
    newestEvents(ledger, head, flags),
  );
  const events = inOrder(newest.map((each) => each.events)).slice(-flags.limit);
  const unreadable = newest.flatMap((each) => each.unreadable);
  for (const { says } of unreadable) session.remark(`${tame(says)}\n`);
  // Whoever asked for these events has not seen all of them.
  const exit = unreadable.length === 0 ? EXIT.done : EXIT.refused;
  if (flags.follow !== true) {
    session.say(historyView(events, session.paper));
    return { exit, document: { events, ...(unreadable.length === 0 ? {} : { unreadable }) } };
  }
  // From here on Ctrl-C is the usual end.
  session.interruption();
  for (const event of events) print(session, event);
  await follow(session, ledger, flags, new Map(heads.map(({ cell, number }) => [cell, number])));
  return { exit: EXIT.done };
}

/** Prints the events that are appended after those already printed, also in a cell that is declared later. */
async function follow(
  session: Session,
  ledger: Ledger,
  flags: HistoryFlags,
  printed: Map<CellName, number>,
): Promise<void> {
  await untilInterrupted(session, FOLLOW_MS, async () => {
    for (const cell of await meantCells(ledger, flags.cell)) {
      const after = printed.get(cell) ?? 0;
      const events = await ledger.events(cell, { after, limit: FOLLOWED_MAX, order: 'forward' });
      for (const recorded of events) {
        if (flags.type === undefined || flags.type.includes(recorded.event.type)) print(session, recorded);
      }
      printed.set(cell, events.at(-1)?.number ?? after);
    }
  });
}

function print(session: Session, recorded: RecordedEvent): void {
  if (session.json) session.terminal.write(`${JSON.stringify(recorded)}\n`);
  else session.say(eventLine(recorded, session.paper));
}

function eventTypes(text: string): readonly EventType[] {
  return text.split(',').map((word) => {
    const folded = word.trim().toLowerCase();
    const known = EVENT_TYPES.find((type) => type.toLowerCase() === folded);
    if (known !== undefined) return known;
    const near = nearest(word.trim(), EVENT_TYPES);
    throw new InvalidArgumentError(
      near === undefined ? `The types are ${EVENT_TYPES.join(', ')}.` : `Perhaps ${near} is meant.`,
    );
  });
}

/** Events, oldest first, a row each. */
function historyView(events: readonly RecordedEvent[], paper: Paper): string {
  if (events.length === 0) return 'No events.\n';
  return table(
    paper,
    [
      { head: 'TIME' },
      { head: 'CELL' },
      { head: 'NO', align: 'right' },
      { head: 'EVENT' },
      { head: 'BY' },
      { head: 'WHAT' },
    ],
    events.map((recorded) => [
      moment(recorded.at),
      recorded.cell,
      String(recorded.number),
      typeCell(recorded),
      tame(recorded.by),
      eventText(recorded.event),
    ]),
  );
}

/** One event as a line, for a log that is being followed. */
function eventLine(recorded: RecordedEvent, paper: Paper): string {
  const { at, cell, number, by, event } = recorded;
  const gap = ' '.repeat(Math.max(0, TYPE_COLUMNS - event.type.length));
  return `${paint(paper, 'faint', moment(at))}  ${cell} #${number}  ${toned(recorded, paper)}${gap}  ${tame(by)}  ${eventText(event)}\n`;
}

function toned(recorded: RecordedEvent, paper: Paper): string {
  const cell = typeCell(recorded);
  return typeof cell === 'string' ? cell : paint(paper, cell.tone, cell.text);
}

/** The type of an event, coloured where the event needs attention. */
function typeCell({ event }: RecordedEvent): Cell {
  const tone = eventTone(event);
  return tone === 'strong' || tone === 'faint' ? event.type : { text: event.type, tone };
}
