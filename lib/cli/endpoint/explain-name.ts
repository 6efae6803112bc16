import type { Command } from 'commander';
import { parseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { DesiredInput } from '../../plan/desired.ts';
import type { Observations } from '../../plan/fleet-model.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { endpointLabels, rollbackName, treeLabelOf } from '../../plan/owned-names.ts';
import type { Plan } from '../../plan/plan.ts';
import { zoneView } from '../../plan/zone-view.ts';
import { recordsAt } from '../../zone/read-records.ts';
import { EXIT } from '../command/exit-codes.ts';
import { Refused } from '../command/failures.ts';
import { newCommand } from '../command/new-command.ts';
import type { Runtime } from '../command/runtime.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { findMaker } from '../plan/plan-references.ts';
import { appliedEndpoint } from './endpoint-lookup.ts';
import { explainView } from './explain-view.ts';
import { explain } from './explanation.ts';

export function explainCommand(runtime: Runtime): Command {
  return newCommand(
    'explain',
    'Tell why a name answers as it does: root, tree, leaves, the plan and who brought it there.',
    [['pawl explain api.example.com', '']],
  )
    .argument('<name>', "the endpoint's name")
    .action((name: string, _: unknown, command: Command) =>
      runtime.run(command, (session) => explainName(session, dnsName(name))),
    );
}

async function explainName(session: Session, name: DnsName): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const found = await appliedEndpoint(ledger, name);
  if (found === undefined)
    throw new Refused(`No applied plan has ${name}: "pawl status" shows where every cell is.`);
  const { head, plan, endpoint } = found;
  const zone = world.zone(plan.zoneId);
  const listings = await Promise.all(
    [endpoint.name, endpoint.tree, rollbackName(endpoint.name, plan)].map((each) => recordsAt(zone, each)),
  );
  const label = treeLabelOf(endpoint.tree, plan);
  const explanation = explain({
    found,
    view: zoneView(listings.flatMap(({ records }) => records)),
    desired: await desiredInput(ledger, head, plan),
    made: label === undefined ? undefined : await findMaker(ledger, head, endpointLabels(name, plan), label),
  });
  session.say(explainView(explanation, world.clock.now(), session.paper));
  const isSound = explanation.rootIsAsPlanned && explanation.tree.condition === 'intact';
  return { exit: isSound ? EXIT.done : EXIT.refused, document: explanation };
}

/** What the planner would go by now; undefined when no fleet has been pushed. */
async function desiredInput(
  ledger: Ledger,
  { cell, state }: Head,
  base: Plan,
): Promise<DesiredInput | undefined> {
  if (state.fleet === null) return undefined;
  const fleet = parseCellFleet(JSON.parse(await ledger.getBody(cell, state.fleet.digest)));
  const observations =
    state.observations === null
      ? {}
      : (JSON.parse(await ledger.getBody(cell, state.observations.digest)) as Observations);
  return { fleet, observations, drained: state.drained, evacuated: state.evacuated, base };
}
