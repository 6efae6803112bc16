import type { Command } from 'commander';
import { newCommand } from '../command/new-command.ts';
import type { Runtime } from '../command/runtime.ts';
import { fleetCheckCommand } from './check-fleet-file.ts';
import { fleetPushCommand } from './push-fleet-file.ts';

export function fleetCommand(runtime: Runtime): Command {
  return newCommand('fleet', 'Check a fleet file, or declare what is in it.', [
    ['pawl fleet push fleet.yaml', 'shows the change, then asks'],
  ])
    .addCommand(fleetCheckCommand(runtime))
    .addCommand(fleetPushCommand(runtime));
}
