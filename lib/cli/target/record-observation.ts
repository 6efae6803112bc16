import type { Command } from 'commander';
import { observeTarget } from '../../operator/observe-target.ts';
import type { Observation, TargetHealth } from '../../plan/fleet-model.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { oneOf, wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { cellOfTarget } from './target-lookup.ts';

const HEALTH: readonly TargetHealth[] = ['healthy', 'unhealthy', 'unknown'];
const CAPACITY_MAX = 1_000_000;

interface ObserveFlags {
  readonly cell?: string;
  readonly health?: TargetHealth;
  readonly capacity?: number;
  readonly dryRun?: boolean;
}

export function targetObserveCommand(runtime: Runtime): Command {
  return newCommand(
    'observe',
    'Record in the ledger what was seen of a target; the planner judges it by the same policies.',
    [
      ['pawl target observe api-3 --health unhealthy', ''],
      [
        'pawl target observe api-3 --capacity 250',
        'a source that looks by itself replaces it at its next look',
      ],
    ],
  )
    .argument('<target>', 'its id in the fleet file')
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'where several cells have a target of that id')
    .option('--health <health>', HEALTH.join(', '), oneOf(HEALTH))
    .option('--capacity <number>', "in the fleet's own unit", wholeNumber(0, CAPACITY_MAX))
    .option('--dry-run', 'say what would be recorded, and write nothing')
    .action((target: string, _: string | undefined, flags: ObserveFlags, command: Command) =>
      runtime.run(command, (session) => observe(session, target, flags)),
    );
}

async function observe(session: Session, target: string, flags: ObserveFlags): Promise<CommandResult> {
  const { health, capacity } = flags;
  if (health === undefined && capacity === undefined)
    throw new BadInput('Say what was seen: --health, --capacity, or both.');
  const world = await session.world();
  const ledger = await world.ledger();
  const cell = await cellOfTarget(ledger, target, flags.cell);
  const seen = {
    ...(health === undefined ? {} : { health }),
    ...(capacity === undefined ? {} : { capacity }),
  };
  if (flags.dryRun === true) {
    session.say(`${target} of ${cell} would be observed: ${text(seen)}.\n`);
    return { exit: EXIT.done, document: { cell, target, observed: false, ...seen } };
  }
  const { before, after, changed } = done(
    await observeTarget(operatorDeps(world, ledger), { cell, target, ...seen }),
  );
  const wasSo = `${target} of ${cell} was observed so already: ${text(after)}`;
  const isLetBack = changed && text(before) === text(after);
  session.say(
    isLetBack
      ? `${wasSo}. That it came and went is forgotten: it does not wait any more.\n`
      : changed
        ? `${target} of ${cell}: ${text(before)} -> ${text(after)}.\n`
        : `${wasSo}.\n`,
  );
  return { exit: EXIT.done, document: { cell, target, observed: true, changed, before, after } };
}

function text({ health, capacity }: Partial<Observation>): string {
  return [health ?? [], capacity === undefined ? [] : `capacity ${capacity}`].flat().join(', ');
}
