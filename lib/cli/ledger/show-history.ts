import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { nearest } from '../../fleet/suggestion.ts';
import type { EventType, RecordedEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { meantCells } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { Runtime } from '../command/runtime.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { watching } from '../command/watching.ts';
import { EVENT_TYPES } from './event-types.ts';
import { eventLine, historyView } from './history-view.ts';

interface HistoryFlags {
  readonly cell?: string;
  readonly type?: readonly EventType[];
  readonly limit: number;
  readonly follow?: boolean;
}

const FOLLOW_MS = 1_000;
const LIMIT = 20;
const LIMIT_MAX = 10_000;
const PAGE_EVENTS = 500;

export function historyCommand(runtime: Runtime): Command {
  return newCommand('history', 'Show the newest events of the ledger, oldest first.', [
    ['pawl history --cell use1-a --limit 50', ''],
    ['pawl history --type PlanApplied --follow', 'goes on until Ctrl-C'],
  ])
    .option('--cell <cell>', 'this cell alone')
    .option('--limit <number>', `events at most, 1 to ${LIMIT_MAX}`, wholeNumber(1, LIMIT_MAX), LIMIT)
    .option('--type <types>', 'events of these types alone, with commas between', eventTypes)
    .option('--follow', 'then tell of every new event; with --json a document a line')
    .action((flags: HistoryFlags, command: Command) =>
      runtime.run(command, (session) => history(session, flags)),
    );
}

async function history(session: Session, flags: HistoryFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const cells = await meantCells(ledger, flags.cell);
  const heads = await Promise.all(cells.map((cell) => ledger.head(cell)));
  const newest = await Promise.all(heads.map((head) => newestEvents(ledger, head, flags)));
  const events = newest
    .flat()
    .sort((a, b) => a.at - b.at || (a.cell < b.cell ? -1 : a.cell > b.cell ? 1 : a.number - b.number))
    .slice(-flags.limit);
  if (flags.follow !== true) {
    session.say(historyView(events, session.paper));
    return { exit: EXIT.done, document: { events } };
  }
  // From here on Ctrl-C is how it is meant to end.
  session.interruption();
  for (const event of events) tell(session, event);
  await follow(session, ledger, flags, new Map(heads.map(({ cell, number }) => [cell, number])));
  return { exit: EXIT.done };
}

async function newestEvents(
  ledger: Ledger,
  { cell, number }: Head,
  { type, limit }: HistoryFlags,
): Promise<readonly RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let upTo = number; upTo > 0 && found.length < limit; upTo -= PAGE_EVENTS) {
    const after = Math.max(0, upTo - PAGE_EVENTS);
    const page = await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
    found.unshift(...page.filter(({ event }) => type === undefined || type.includes(event.type)));
  }
  return found.slice(-limit);
}

/** Tells what is appended after what was told, in every cell that is meant, also in one that comes later. */
async function follow(
  session: Session,
  ledger: Ledger,
  flags: HistoryFlags,
  told: Map<CellName, number>,
): Promise<void> {
  await watching(session, FOLLOW_MS, async () => {
    for (const cell of await meantCells(ledger, flags.cell)) {
      const after = told.get(cell) ?? 0;
      const events = await ledger.events(cell, { after, limit: PAGE_EVENTS, order: 'forward' });
      for (const recorded of events) {
        if (flags.type === undefined || flags.type.includes(recorded.event.type)) tell(session, recorded);
      }
      told.set(cell, events.at(-1)?.number ?? after);
    }
  });
}

function tell(session: Session, recorded: RecordedEvent): void {
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
