import type { Command } from 'commander';
import type { ForgetOutcome } from '../../lease/forget-group.ts';
import { forgetGroup } from '../../lease/forget-group.ts';
import { hearZone } from '../../lease/hear-zone.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { Refused, UnknownOutcome } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { clause } from '../printing/paper.ts';
import { declaredGroups } from './declared-groups.ts';
import { groupName, hearingZone, LEASES_OPTION, leasesOf } from './lease-place.ts';

interface ForgetFlags {
  readonly az: string;
}

export function leaseForgetCommand(runtime: Runtime): Command {
  return newCommand('forget', 'Forget the lease of a group that is gone; its epoch stays.', [
    ['pawl lease forget use1-a rack-7 --az use1-az1', 'once it has lapsed, and no fleet declares it'],
  ])
    .argument('<cell>', 'the cell of the group')
    .argument('<group>', 'its name')
    .requiredOption('--az <az>', 'its availability zone')
    .option(...LEASES_OPTION)
    .action((cell: string, group: string, flags: ForgetFlags, command: Command) =>
      runtime.run(command, (session) => forget(session, { cell, group }, flags)),
    );
}

async function forget(
  session: Session,
  named: { readonly cell: string; readonly group: string },
  { az }: ForgetFlags,
): Promise<CommandResult> {
  const zone = hearingZone(named.cell, az);
  const group = groupName(named.group);
  const world = await session.world();
  const leases = leasesOf(world);
  const ledger = await world.ledger();
  await knownCell(ledger, zone.cell);
  const declared = await declaredGroups(ledger, zone.cell);
  if (declared.some((each) => each.zone.az === az && each.groups.includes(group)))
    throw new Refused(
      `A target of ${zone.cell} in ${az} names ${group}: take it out of the fleet file first, or the zone waits for it for ever.`,
    );
  const isHeard = declared.some((each) => each.zone.az === az && each.groups.length > 0);
  // Without a leased target there no planner hears the zone, and nothing would ever lapse.
  if (!isHeard) await hearZone({ leases, clock: world.clock }, zone, []);
  const outcome = await forgetGroup(leases, zone, group);
  session.say(`${sentence(outcome, `${group} of ${zone.cell} in ${az}`, isHeard)}\n`);
  return { exit: EXIT.done, document: { ...zone, group, outcome: outcome.type } };
}

/** @throws Refused, UnknownOutcome where it is not forgotten. */
function sentence(outcome: ForgetOutcome, what: string, isHeard: boolean): string {
  switch (outcome.type) {
    case 'forgotten':
      return `${what} is forgotten: whoever holds it again begins with epoch ${outcome.e + 1}.`;
    case 'nothing':
      return `${what} has no lease: there is nothing to forget.`;
    case 'held':
      throw new Refused(
        `${what} is held by ${outcome.by} and has not lapsed: end its holder, and ${isHeard ? 'wait for five ticks' : 'run this again each minute, five times: no planner hears this zone any more'}.`,
      );
    case 'unreadable':
      throw new Refused(`The row of ${what} ${outcome.what}.`);
    case 'lost':
      throw new Refused(`Somebody wrote the row of ${what} meanwhile: its holder is at work.`);
    case 'unknown':
      throw new UnknownOutcome(
        `Whether ${what} is forgotten is not known (${clause(outcome.reason)}): run it again.`,
      );
  }
}
