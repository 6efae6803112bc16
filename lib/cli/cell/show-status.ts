import type { Command } from 'commander';
import { meantCells } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { newCommand } from '../command/new-command.ts';
import type { Runtime } from '../command/runtime.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { watching } from '../command/watching.ts';
import type { CellStatus } from './cell-status.ts';
import { cellStatus, seeFence } from './cell-status.ts';
import { statusView } from './status-view.ts';

interface StatusFlags {
  readonly cell?: string;
  readonly watch?: boolean;
}

/** Between two looks at every cell's head and fence, milliseconds. */
const WATCH_MS = 2_000;

export function statusCommand(runtime: Runtime): Command {
  return newCommand(
    'status',
    'Show where every cell is: its goal, what is applied, its fence, and what is wrong.',
    [
      ['pawl status', 'exits with 1 unless every cell is at its goal'],
      ['pawl status --cell use1-a --watch', ''],
    ],
  )
    .option('--cell <cell>', 'this cell alone')
    .option(
      '--watch',
      'look again and again until Ctrl-C; with --json a document a line, when something changed',
    )
    .action((flags: StatusFlags, command: Command) =>
      runtime.run(command, (session) =>
        flags.watch === true ? watch(session, flags) : status(session, flags),
      ),
    );
}

async function status(session: Session, flags: StatusFlags): Promise<CommandResult> {
  const cells = await look(session, flags);
  const { clock } = await session.world();
  session.say(statusView(cells, clock.now(), session.paper));
  return { exit: exitOf(cells), document: { cells } };
}

async function look(session: Session, { cell }: StatusFlags): Promise<readonly CellStatus[]> {
  const world = await session.world();
  const ledger = await world.ledger();
  const names = await meantCells(ledger, cell);
  const found: CellStatus[] = [];
  for (const name of names) {
    const head = await ledger.head(name);
    found.push(cellStatus(head, await seeFence((id) => world.zone(id), head)));
  }
  return found;
}

async function watch(session: Session, flags: StatusFlags): Promise<CommandResult> {
  const world = await session.world();
  session.interruption();
  let before = '';
  let exit: ExitCode = EXIT.done;
  await watching(session, WATCH_MS, async () => {
    const cells = await look(session, flags);
    exit = exitOf(cells);
    const now = JSON.stringify({ cells });
    if (session.json) {
      if (now !== before) session.terminal.write(`${now}\n`);
    } else if (session.terminal.isTty) {
      session.say(`\u001b[2J\u001b[H${world.title}\n${statusView(cells, world.clock.now(), session.paper)}`);
    } else if (now !== before) session.say(statusView(cells, world.clock.now(), session.paper));
    before = now;
  });
  return { exit };
}

function exitOf(cells: readonly CellStatus[]): ExitCode {
  if (cells.some(({ condition }) => condition === 'unreachable')) return EXIT.unknown;
  return cells.every(({ condition }) => condition === 'converged') ? EXIT.done : EXIT.refused;
}
