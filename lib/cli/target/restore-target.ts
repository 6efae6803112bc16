import type { Command } from 'commander';
import { restoreTarget } from '../../operator/interventions.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { OrderFlags } from './intervene.ts';
import { intervene } from './intervene.ts';
import { cellOfTarget } from './target-lookup.ts';

interface RestoreFlags extends OrderFlags {
  readonly cell?: string;
}

export function targetRestoreCommand(runtime: Runtime): Command {
  return newCommand('restore', 'Take the drain of a target back.', [['pawl target restore api-3', '']])
    .argument('<target>', 'its id')
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'where several cells have a target of that id')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .action((target: string, _: string | undefined, flags: RestoreFlags, command: Command) =>
      runtime.run(command, (session) => restore(session, target, flags)),
    );
}

async function restore(session: Session, target: string, flags: RestoreFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const only = await cellOfTarget(ledger, target, flags.cell, { drained: true });
  const order = {
    cells: [only],
    question: `Restore ${target} of ${only}?`,
    said: `${target} is restored`,
    carryOut: (cell: typeof only, apply: boolean) =>
      restoreTarget(operatorDeps(world, ledger), { cell, target, apply }),
  };
  return intervene(session, order, flags);
}
