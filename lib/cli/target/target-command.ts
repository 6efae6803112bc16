import type { Command } from 'commander';
import { newCommand } from '../command/new-command.ts';
import type { Runtime } from '../command/runtime.ts';
import { targetDrainCommand } from './drain-target.ts';
import { targetObserveCommand } from './record-observation.ts';
import { targetRestoreCommand } from './restore-target.ts';

export function targetCommand(runtime: Runtime): Command {
  return newCommand('target', 'Take one target out, bring it back, or tell what was seen of it.', [
    ['pawl target drain api-3 --reason "disk failing"', ''],
  ])
    .addCommand(targetDrainCommand(runtime))
    .addCommand(targetRestoreCommand(runtime))
    .addCommand(targetObserveCommand(runtime));
}
