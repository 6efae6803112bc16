import type { Command } from 'commander';
import { restoreAz } from '../../operator/interventions.ts';
import { Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { OrderFlags } from './intervene.ts';
import { intervene } from './intervene.ts';
import { cellsWhere } from './target-lookup.ts';

interface RestoreFlags extends OrderFlags {
  readonly cell?: string;
}

export function restoreCommand(runtime: Runtime): Command {
  return newCommand('restore', 'Take the evacuation of an availability zone back.', [
    ['pawl restore use1-az2', 'in every cell where it is evacuated'],
  ])
    .argument('<az>', 'the availability zone')
    .option('--cell <cell>', 'in this cell alone')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .action((az: string, flags: RestoreFlags, command: Command) =>
      runtime.run(command, (session) => restore(session, az, flags)),
    );
}

async function restore(session: Session, az: string, flags: RestoreFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const cells = await cellsWhere(ledger, flags.cell, ({ state }) => state.evacuated.includes(az));
  if (cells.length === 0) throw new Refused(`The availability zone "${az}" is evacuated in no cell.`);
  const order = {
    cells,
    question: `Restore ${az} in ${cells.join(', ')}?`,
    said: `${az} is restored`,
    carryOut: (cell: (typeof cells)[number], apply: boolean) =>
      restoreAz(operatorDeps(world, ledger), { cell, az, apply }),
  };
  return intervene(session, order, flags);
}
