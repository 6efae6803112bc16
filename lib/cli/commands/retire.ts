import type { Command } from 'commander';
import type { RetireOutcome } from '../../janitor/janitor.ts';
import { retire } from '../../janitor/retire.ts';
import { instant } from '../../runtime/clock.ts';
import { janitorDeps } from '../../wiring/roles.ts';
import { knownCell } from '../cells.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { newCommand } from '../new-command.ts';
import { wholeNumber } from '../option-values.ts';
import { cellSettings } from '../role-settings.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import { retireView } from '../views/run-view.ts';

interface RetireFlags {
  readonly within: number;
}

export function retireCommand(runtime: Runtime): Command {
  return newCommand('retire', 'Delete trees that nothing needs any more, now: one run of a janitor.', [
    ['pawl retire use1-a', 'as many trees as one batch holds'],
  ])
    .argument('<cell>', 'the cell')
    .option('--within <seconds>', 'begin nothing new after this', wholeNumber(1, 3_600), 300)
    .action((cell: string, flags: RetireFlags, command: Command) =>
      runtime.run(command, (session) => retireCell(session, cell, flags)),
    );
}

async function retireCell(session: Session, text: string, { within }: RetireFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const outcome = await retire(janitorDeps(world, ledger, cellSettings(world, head)), {
    deadline: instant(world.clock.now() + within * 1_000),
  });
  session.say(retireView(head.cell, outcome));
  return { exit: exitOf(outcome), document: { cell: head.cell, outcome } };
}

function exitOf(outcome: RetireOutcome): ExitCode {
  switch (outcome.type) {
    case 'retired':
    case 'nothing':
      return EXIT.done;
    case 'lost':
      return EXIT.refused;
    case 'unknown':
      return EXIT.unknown;
  }
}
