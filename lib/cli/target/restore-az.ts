import type { Command } from 'commander';
import { restoreAz } from '../../operator/interventions.ts';
import { Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { BRANCH_OPTION, placeNamed, restoreBranches } from './branch-evacuation.ts';
import type { OrderFlags } from './intervene.ts';
import { intervene } from './intervene.ts';
import { cellsWhere } from './target-lookup.ts';

interface RestoreFlags extends OrderFlags {
  readonly branch?: string;
  readonly cell?: string;
}

export function restoreCommand(runtime: Runtime): Command {
  return newCommand('restore', 'Take the evacuation of an availability zone or a branch back.', [
    ['pawl restore use1-az2', 'in every cell where it is evacuated'],
    ['pawl restore --branch eu-west-1', ''],
  ])
    .argument('[az]', 'the availability zone')
    .option(BRANCH_OPTION, 'the branch, by the name under which it was evacuated')
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'in this cell alone')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .action((az: string | undefined, _: string | undefined, flags: RestoreFlags, command: Command) =>
      runtime.run(command, (session) => {
        const place = placeNamed('restore', az, flags.branch);
        return 'az' in place
          ? restore(session, place.az, flags)
          : restoreBranches(session, place.branch, flags);
      }),
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
