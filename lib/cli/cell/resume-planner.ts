import type { Command } from 'commander';
import { resumePlanner } from '../../operator/pause.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { tame } from '../printing/paper.ts';

interface ResumeFlags {
  readonly dryRun?: boolean;
}

export function resumeCommand(runtime: Runtime): Command {
  return newCommand(
    'resume',
    'Let a paused planner go on; its next plan may undo a rollback, an edited plan or a rescue.',
    [['pawl resume use1-a', '"pawl plan --cell use1-a" shows before what it would append']],
  )
    .argument('<cell>', 'the cell')
    .option('--dry-run', 'say who paused it and why, and write nothing')
    .action((cell: string, flags: ResumeFlags, command: Command) =>
      runtime.run(command, (session) => resume(session, cell, flags)),
    );
}

async function resume(session: Session, text: string, { dryRun }: ResumeFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell, state } = await knownCell(ledger, text);
  const { paused } = state;
  if (dryRun === true) {
    session.say(
      paused === null
        ? `The planner of ${cell} is not paused.\n`
        : `The planner of ${cell} would go on: it was paused by ${tame(paused.by)} (${tame(paused.reason)}).\n`,
    );
    return { exit: EXIT.done, document: { cell, paused, changed: false } };
  }
  const { changed } = done(await resumePlanner(operatorDeps(world, ledger), { cell }));
  session.say(changed ? `The planner of ${cell} goes on.\n` : `The planner of ${cell} was not paused.\n`);
  return { exit: EXIT.done, document: { cell, paused: null, changed } };
}
