import type { Command } from 'commander';
import { enact } from '../../enactor/enact.ts';
import type { EnactOutcome } from '../../enactor/enactor.ts';
import { instant } from '../../runtime/clock.ts';
import { enactorDeps } from '../../wiring/run-enactor.ts';
import { knownCell } from '../cells.ts';
import { runGround } from '../dry-run.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { newCommand } from '../new-command.ts';
import { wholeNumber } from '../option-values.ts';
import { cellSettings } from '../role-settings.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import { enactView } from '../views/run-view.ts';

interface EnactFlags {
  readonly sweep?: boolean;
  readonly within: number;
  readonly dryRun?: boolean;
}

export function enactCommand(runtime: Runtime): Command {
  return newCommand(
    'enact',
    'Bring one cell to its goal now: one run of an enactor, which may run beside any other.',
    [
      ['pawl enact use1-a', ''],
      ['pawl enact use1-a --sweep', 'reads the zone itself, and repairs it'],
      ['pawl enact use1-a --dry-run', 'every batch and event that it would write'],
    ],
  )
    .argument('<cell>', 'the cell')
    .option('--sweep', 'look at every root and tree, and repair what is not as planned')
    .option('--within <seconds>', 'begin nothing new after this', wholeNumber(1, 3_600), 300)
    .option('--dry-run', 'show what would be written, and write nothing')
    .action((cell: string, flags: EnactFlags, command: Command) =>
      runtime.run(command, (session) => enactCell(session, cell, flags)),
    );
}

async function enactCell(session: Session, text: string, flags: EnactFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const ground = runGround(session, world, ledger, flags.dryRun);
  const outcome = await enact(enactorDeps(ground.world, ground.ledger, cellSettings(world, head)), {
    mode: flags.sweep === true ? 'sweep' : 'hint',
    deadline: instant(world.clock.now() + flags.within * 1_000),
  });
  const would = ground.end();
  if (flags.dryRun !== true) session.say(enactView(head.cell, outcome));
  return { exit: exitOf(outcome), document: { cell: head.cell, outcome, ...would } };
}

function exitOf(outcome: EnactOutcome): ExitCode {
  switch (outcome.type) {
    case 'applied':
    case 'converged':
    case 'superseded':
      return EXIT.done;
    case 'idle':
    case 'frozen':
    case 'refused':
    case 'unfinished':
      return EXIT.refused;
  }
}
