import type { Command } from 'commander';
import type { FleetFile } from '../../fleet/declared-fleet.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper } from '../printing/paper.ts';
import { counted } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import { readFleet } from './fleet-files.ts';

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

/** What a fleet file without mistakes declares. */
function fleetView({ cells }: FleetFile, paper: Paper): string {
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'ZONE' },
      { head: 'ENDPOINTS', align: 'right' },
      { head: 'TARGETS', align: 'right' },
    ],
    cells.map(({ cell, zone, endpoints, targets }) => [
      cell,
      zone,
      String(endpoints.length),
      String(targets.length),
    ]),
  );
  return `${grid}No mistakes in ${counted(cells.length, 'cell')}.\n`;
}
