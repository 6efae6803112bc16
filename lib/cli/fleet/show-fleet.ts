import type { Command } from 'commander';
import { serialiseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import { fleetText } from '../../fleet/fleet-writing.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { fleetOfLedger, fleetReference } from './ledger-fleets.ts';

export function fleetShowCommand(runtime: Runtime): Command {
  return newCommand('show', 'Print the fleet file that the ledger has for a cell, now or as of an event.', [
    ['pawl fleet show use1-a', 'what is declared now'],
    ['pawl fleet show use1-a@12 > before.yaml', 'what stood at event 12 of "pawl history --cell use1-a"'],
  ])
    .argument('<cell>', 'the cell, or CELL@EVENT with the number of an event')
    .action((text: string, _: unknown, command: Command) =>
      runtime.run(command, (session) => showFleet(session, text)),
    );
}

async function showFleet(session: Session, text: string): Promise<CommandResult> {
  const reference = fleetReference(text);
  const ledger = await (await session.world()).ledger();
  const fleet = await fleetOfLedger(ledger, reference);
  session.say(fleetText([fleet]));
  return { exit: EXIT.done, document: serialiseCellFleet(fleet) };
}
