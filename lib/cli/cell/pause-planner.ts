import type { Command } from 'commander';
import { pausePlanner } from '../../operator/pause.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';

interface PauseFlags {
  readonly reason: string;
  readonly dryRun?: boolean;
}

export function pauseCommand(runtime: Runtime): Command {
  return newCommand('pause', 'Stop the planner of one cell; enactors go on with the goal. Does not ask.', [
    ['pawl pause use1-a --reason "until the incident is over"', ''],
  ])
    .argument('<cell>', 'the cell')
    .option('--reason <text>', 'why', 'no reason was given')
    .option('--dry-run', 'say what would be paused, and write nothing')
    .action((cell: string, flags: PauseFlags, command: Command) =>
      runtime.run(command, (session) => pause(session, cell, flags)),
    );
}

async function pause(session: Session, text: string, { reason, dryRun }: PauseFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell, state } = await knownCell(ledger, text);
  if (dryRun === true) {
    session.say(
      state.paused === null
        ? `The planner of ${cell} would be paused.\n`
        : `The planner of ${cell} is paused already.\n`,
    );
    return { exit: EXIT.done, document: { cell, paused: state.paused !== null, changed: false } };
  }
  const { changed } = done(await pausePlanner(operatorDeps(world, ledger), { cell, reason }));
  session.say(
    changed
      ? `The planner of ${cell} is paused until "pawl resume ${cell}".\n`
      : `The planner of ${cell} was paused already.\n`,
  );
  return { exit: EXIT.done, document: { cell, paused: true, changed } };
}
