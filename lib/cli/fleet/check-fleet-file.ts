import type { Command } from 'commander';
import { EXIT } from '../command/exit-codes.ts';
import { newCommand } from '../command/new-command.ts';
import type { Runtime } from '../command/runtime.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { readFleet } from './fleet-files.ts';
import { fleetView } from './fleet-view.ts';

export function fleetCheckCommand(runtime: Runtime): Command {
  return newCommand(
    'check',
    'Check a fleet file, every mistake with its line. Needs no world: nothing is asked or written.',
    [['pawl fleet check examples/fleet.yaml', '']],
  )
    .argument('<file>', 'the fleet file')
    .action((file: string, _: unknown, command: Command) =>
      runtime.run(command, (session) => fleetCheck(session, file)),
    );
}

async function fleetCheck(session: Session, file: string): Promise<CommandResult> {
  session.remark('no world: the file alone\n');
  const fleet = await readFleet(file);
  session.say(fleetView(fleet, session.paper));
  const cells = fleet.cells.map(({ cell, zone, endpoints, targets }) => ({
    cell,
    zone,
    endpoints: endpoints.length,
    targets: targets.length,
  }));
  return { exit: EXIT.done, document: { file, valid: true, cells } };
}
