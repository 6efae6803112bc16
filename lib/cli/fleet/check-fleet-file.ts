import type { Command } from 'commander';
import type { DeclaredCell, FleetFile } from '../../fleet/declared-fleet.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';
import { foreseeFirst } from '../../operator/foresee-push.ts';
import { EXIT } from '../command/exit-codes.ts';
import { readFleet } from '../command/fleet-files.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { findingsView, keptBackLines } from '../printing/findings-view.ts';
import type { Paper } from '../printing/paper.ts';
import { counted } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import { foreseenDocuments, keepsBackMore } from './foreseen-view.ts';

export function fleetCheckCommand(runtime: Runtime): Command {
  return newCommand(
    'check',
    'Check a fleet file, every mistake with its line, and what a first plan of it would find. Needs no world.',
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
  const foreseen = fleet.cells.map(asFirst);
  session.say(firstPlansView(foreseen, session.paper));
  const document = { file, valid: true, cells, foreseen: foreseenDocuments(foreseen, []) };
  return { exit: keepsBackMore(foreseen) ? EXIT.refused : EXIT.done, document };
}

/** An id that no zone has: nothing that is judged without a ledger depends on it. */
const NO_ZONE_ID = '';
/** Nothing was planned before, so nothing is counted by time. */
const NO_TIME = 0;

/** What a first plan of the cell would be: the file alone tells no more. */
function asFirst(declared: DeclaredCell): ForeseenPlan {
  return foreseeFirst({ ...declared, zoneId: declared.zoneId ?? NO_ZONE_ID }, NO_TIME);
}

/** Findings about endpoints as a first plan would have them, and endpoints that it would not add. */
function firstPlansView(foreseen: readonly ForeseenPlan[], paper: Paper): string {
  return foreseen
    .map(({ findings, keptBack }) => {
      const refused = keptBackLines(keptBack, 'would not be added by a first plan', paper);
      return findingsView(findings, paper) + refused;
    })
    .join('');
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
