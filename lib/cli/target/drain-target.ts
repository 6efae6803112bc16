import type { Command } from 'commander';
import { drainTarget } from '../../operator/interventions.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { OrderFlags } from './intervene.ts';
import { intervene } from './intervene.ts';
import { cellOfTarget } from './target-lookup.ts';

interface DrainFlags extends OrderFlags {
  readonly cell?: string;
  readonly reason: string;
  readonly hold?: boolean;
}

export function targetDrainCommand(runtime: Runtime): Command {
  return newCommand('drain', 'Take a target out of every endpoint, at once.', [
    ['pawl target drain api-3 --reason "disk failing"', ''],
  ])
    .argument('<target>', 'its id in the fleet file')
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'where several cells have a target of that id')
    .option('--reason <text>', 'why', 'no reason was given')
    .option('--hold', 'record it although it can act on no endpoint yet: each waits for an approval')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .action((target: string, _: string | undefined, flags: DrainFlags, command: Command) =>
      runtime.run(command, (session) => drain(session, target, flags)),
    );
}

async function drain(session: Session, target: string, flags: DrainFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const only = await cellOfTarget(ledger, target, flags.cell);
  const { reason, hold } = flags;
  const order = {
    cells: [only],
    question: `Drain ${target} of ${only}?`,
    said: `${target} is drained`,
    carryOut: (cell: typeof only, apply: boolean) =>
      drainTarget(operatorDeps(world, ledger), {
        cell,
        target,
        reason,
        apply,
        hold: hold === true,
      }),
  };
  return intervene(session, order, flags);
}
