import type { Command } from 'commander';
import type { RetireOutcome } from '../../janitor/janitor.ts';
import { retire } from '../../janitor/retire.ts';
import type { CellName } from '../../plan/names.ts';
import { instant } from '../../runtime/clock.ts';
import { janitorDeps } from '../../wiring/run-janitor.ts';
import { knownCell } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { cellSettings } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';
import { clause, counted, tame } from '../printing/paper.ts';
import { beginRun } from './dry-run.ts';

interface RetireFlags {
  readonly within: number;
  readonly dryRun?: boolean;
}

export function retireCommand(runtime: Runtime): Command {
  return newCommand('retire', 'Delete trees that nothing needs any more, now: one run of a janitor.', [
    ['pawl retire use1-a', 'as many trees as one batch holds'],
    ['pawl retire use1-a --dry-run', 'which ones, and every record that would go'],
  ])
    .argument('<cell>', 'the cell')
    .option('--within <seconds>', 'begin nothing new after this', wholeNumber(1, 3_600), 300)
    .option('--dry-run', 'show what would be written, and write nothing')
    .action((cell: string, flags: RetireFlags, command: Command) =>
      runtime.run(command, (session) => retireCell(session, cell, flags)),
    );
}

async function retireCell(session: Session, text: string, flags: RetireFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const run = beginRun(session, world, ledger, flags.dryRun);
  const outcome = await retire(janitorDeps(run.world, run.ledger, cellSettings(world, head)), {
    deadline: instant(world.clock.now() + flags.within * 1_000),
  });
  const would = run.end();
  if (flags.dryRun !== true || outcome.type === 'nothing') session.say(retireView(head.cell, outcome));
  return { exit: exitOf(outcome), document: { cell: head.cell, outcome, ...would } };
}

function exitOf(outcome: RetireOutcome): ExitCode {
  switch (outcome.type) {
    case 'retired':
    case 'nothing':
      return EXIT.done;
    case 'lost':
    case 'refused':
      return EXIT.refused;
    case 'unknown':
      return EXIT.unknown;
  }
}

/** The outcome of one run of a janitor, as a sentence. */
function retireView(cell: CellName, outcome: RetireOutcome): string {
  switch (outcome.type) {
    case 'retired':
      return `${cell}: ${counted(outcome.names.length, 'tree')} retired (${some(outcome.names)}), fence seq ${outcome.seq}.\n`;
    case 'nothing':
      return `${cell}: nothing to retire (${clause(outcome.reason)}).\n`;
    case 'lost':
      return `${cell}: something moved meanwhile, and nothing was deleted (${clause(outcome.reason)}): run it again.\n`;
    case 'refused':
      return `${cell}: nothing moved, and Route 53 refuses to delete what nothing needs (${clause(tame(outcome.reason))}).\n`;
    case 'unknown':
      return `${cell}: whether the trees are gone is not known (${clause(outcome.reason)}).\n`;
  }
}
