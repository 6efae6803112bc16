import type { Command } from 'commander';
import { evacuateAz } from '../../operator/interventions.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { BRANCH_OPTION, evacuateBranches, placeNamed } from './branch-evacuation.ts';
import type { OrderFlags } from './intervene.ts';
import { intervene } from './intervene.ts';
import { cellsWhere } from './target-lookup.ts';

interface EvacuateFlags extends OrderFlags {
  readonly branch?: string;
  readonly cell?: string;
  readonly reason: string;
  readonly hold?: boolean;
}

export function evacuateCommand(runtime: Runtime): Command {
  return newCommand(
    'evacuate',
    'Take every target of an availability zone out, at once, and those that appear there later; or a branch of every route.',
    [
      ['pawl evacuate use1-az2 --reason "packet loss"', 'in every cell that has targets there'],
      ['pawl evacuate --branch eu-west-1', 'in every cell whose routes have it'],
    ],
  )
    .argument('[az]', 'the availability zone, as the fleet file names it')
    .option(BRANCH_OPTION, 'a branch of the routes, by its id (any depth) or its path (primary.eu-west-1)')
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'in this cell alone')
    .option('--reason <text>', 'why', 'no reason was given')
    .option('--hold', 'record it although it can act on no endpoint yet: each waits for an approval')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .action((az: string | undefined, _: string | undefined, flags: EvacuateFlags, command: Command) =>
      runtime.run(command, (session) => {
        const place = placeNamed('evacuate', az, flags.branch);
        return 'az' in place
          ? evacuate(session, place.az, flags)
          : evacuateBranches(session, place.branch, flags);
      }),
    );
}

async function evacuate(session: Session, az: string, flags: EvacuateFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const known = new Set<string>();
  const cells = await cellsWhere(ledger, flags.cell, (_, { targets }) => {
    for (const target of targets) known.add(target.az);
    return targets.some((target) => target.az === az);
  });
  if (cells.length === 0) {
    const there = known.size === 0 ? 'no fleet has been pushed' : `there are ${[...known].sort().join(', ')}`;
    throw new BadInput(`No target is in the availability zone "${az}": ${there}.`);
  }
  const { reason, hold } = flags;
  const order = {
    cells,
    question: `Evacuate ${az} in ${cells.join(', ')}?`,
    said: `${az} is evacuated`,
    carryOut: (cell: (typeof cells)[number], apply: boolean) =>
      evacuateAz(operatorDeps(world, ledger), {
        cell,
        az,
        reason,
        apply,
        hold: hold === true,
      }),
  };
  return intervene(session, order, flags);
}
