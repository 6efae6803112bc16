import type { Command } from 'commander';
import type { LedgerReport } from '../../ledger/verify.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

export function verifyCommand(runtime: Runtime): Command {
  return newCommand(
    'verify',
    'Walk the whole ledger and name every event, link, state and body that is not what was appended.',
    [['pawl verify use1-a', 'without a cell: all of them']],
  )
    .argument('[cell]', 'this cell alone')
    .action((cell: string | undefined, _: unknown, command: Command) =>
      runtime.run(command, (session) => verify(session, cell)),
    );
}

async function verify(session: Session, text: string | undefined): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const cell = text === undefined ? undefined : (await knownCell(ledger, text)).cell;
  const report = await verifyLedger({ ledger }, cell);
  session.say(verifyView(report, session.paper));
  const intact = report.cells.every(({ problems }) => problems.length === 0);
  return { exit: intact ? EXIT.done : EXIT.refused, document: { ledger: ledger.id, intact, ...report } };
}

/** A cell a line, then everything that is wrong. */
function verifyView({ cells }: LedgerReport, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet.\n';
  const grid = table(
    paper,
    [{ head: 'CELL' }, { head: 'EVENTS', align: 'right' }, { head: 'VERDICT' }],
    cells.map(({ cell, events, problems }) => [
      tame(cell),
      String(events),
      problems.length === 0
        ? { text: 'intact', tone: 'good' }
        : { text: counted(problems.length, 'problem'), tone: 'bad' },
    ]),
  );
  return (
    grid +
    lines(cells.flatMap(({ cell, problems }) => problems.map(({ what }) => `${tame(cell)}: ${tame(what)}.`)))
  );
}
