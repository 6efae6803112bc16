import type { Command } from 'commander';
import { newCommand } from '../new-command.ts';
import type { Runtime } from '../runtime.ts';
import { fleetCheckCommand } from './fleet-check.ts';
import { fleetPushCommand } from './fleet-push.ts';

export function fleetCommand(runtime: Runtime): Command {
  return newCommand('fleet', 'Check a fleet file, or declare what is in it.', [
    ['pawl fleet push fleet.yaml', 'shows the change, then asks'],
  ])
    .addCommand(fleetCheckCommand(runtime))
    .addCommand(fleetPushCommand(runtime));
}
