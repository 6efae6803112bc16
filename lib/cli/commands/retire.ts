import type { Command } from 'commander';
import type { RetireOutcome } from '../../janitor/janitor.ts';
import { retire } from '../../janitor/retire.ts';
import { instant } from '../../runtime/clock.ts';
import { janitorDeps } from '../../wiring/run-janitor.ts';
import { knownCell } from '../cells.ts';
import { runGround } from '../dry-run.ts';
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
  const ground = runGround(session, world, ledger, flags.dryRun);
  const outcome = await retire(janitorDeps(ground.world, ground.ledger, cellSettings(world, head)), {
    deadline: instant(world.clock.now() + flags.within * 1_000),
  });
  const would = ground.end();
  if (flags.dryRun !== true || outcome.type === 'nothing') session.say(retireView(head.cell, outcome));
  return { exit: exitOf(outcome), document: { cell: head.cell, outcome, ...would } };
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
