import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import type { Runtime } from '../runtime.ts';
import { targetDrainCommand } from './target-drain.ts';
import { targetObserveCommand } from './target-observe.ts';
import { targetRestoreCommand } from './target-restore.ts';

export function targetCommand(runtime: Runtime): Command {
  return newCommand('target', 'Take one target out, bring it back, or tell what was seen of it.', [
    ['pawl target drain api-3 --reason "disk failing"', ''],
  ])
    .addCommand(targetDrainCommand(runtime))
    .addCommand(targetRestoreCommand(runtime))
    .addCommand(targetObserveCommand(runtime));
}
