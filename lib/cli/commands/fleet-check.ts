import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { readFleet } from '../fleet-files.ts';
import { newCommand } from '../new-command.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import { fleetView } from '../views/fleet-view.ts';

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
