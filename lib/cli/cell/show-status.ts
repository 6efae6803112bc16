import type { Command } from 'commander';
import { meantCells } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { untilInterrupted } from '../command/session.ts';
import { CONDITION_TONES, cellRemarks, conditionSince } from '../look/cell-remarks.ts';
import type { CellStatus } from '../look/cell-status.ts';
import type { KnownPrivacy, ShownCell } from '../look/look-at-cells.ts';
import { lookAtCells } from '../look/look-at-cells.ts';
import { duration } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { generationText, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

interface StatusFlags {
  readonly cell?: string;
  readonly watch?: boolean;
}

/** Between two looks at every cell's head and fence, milliseconds. */
const WATCH_MS = 2_000;

export function statusCommand(runtime: Runtime): Command {
  return newCommand(
    'status',
    'Show where every cell is: its goal, what is applied, its fence, what is wrong, and what waits.',
    [
      ['pawl status', 'exits with 1 unless every zone is as planned, and every plan as asked'],
      ['pawl status --cell use1-a --watch', ''],
    ],
  )
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'this cell alone')
    .option(
      '--watch',
      'look again and again until Ctrl-C; with --json a document a line, when something changed',
    )
    .action((_: string | undefined, flags: StatusFlags, command: Command) =>
      runtime.run(command, (session) =>
        flags.watch === true ? watch(session, flags) : status(session, flags),
      ),
    );
}

async function status(session: Session, flags: StatusFlags): Promise<CommandResult> {
  const cells = await look(session, flags, new Map());
  const { clock } = await session.world();
  session.say(statusView(cells, clock.now(), session.paper));
  return { exit: exitOf(cells), document: { cells } };
}

async function look(
  session: Session,
  { cell }: StatusFlags,
  known: KnownPrivacy,
): Promise<readonly ShownCell[]> {
  const world = await session.world();
  const ledger = await world.ledger();
  return lookAtCells(world, ledger, await meantCells(ledger, cell), known);
}

async function watch(session: Session, flags: StatusFlags): Promise<CommandResult> {
  const world = await session.world();
  session.interruption();
  const known: KnownPrivacy = new Map();
  let before = '';
  let exit: ExitCode = EXIT.done;
  await untilInterrupted(session, WATCH_MS, async () => {
    const cells = await look(session, flags, known);
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

/** A cell a line, then a sentence for each thing that needs attention. */
function statusView(cells: readonly ShownCell[], now: number, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet: run "pawl fleet push FILE".\n';
  const rows = cells.map((status) => [
    status.cell,
    status.zone ?? '-',
    { text: status.condition, tone: CONDITION_TONES[status.condition] },
    generationText(status.goal),
    generationText(status.applied?.generation),
    String(status.lag),
    status.fence === null ? '-' : String(status.fence.seq),
    tame(status.fence?.by ?? '-'),
    status.drift === null ? '-' : String(status.drift.count),
    lasting(status, now),
  ]);
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'ZONE' },
      { head: 'STATE' },
      { head: 'GOAL', align: 'right' },
      { head: 'APPLIED', align: 'right' },
      { head: 'LAG', align: 'right' },
      { head: 'SEQ', align: 'right' },
      { head: 'BY' },
      { head: 'DRIFT', align: 'right' },
      { head: 'SINCE' },
    ],
    rows,
  );
  return grid + lines(cells.flatMap((status) => cellRemarks(status, now)));
}

/** How long a cell has been in its condition. */
function lasting(status: ShownCell, now: number): string {
  const began = conditionSince(status);
  return began === null ? '-' : duration(now - began);
}
