import type { Command } from 'commander';
import type { FleetFile } from '../../fleet/declared-fleet.ts';
import { resolveFleet } from '../../fleet/resolve-fleet.ts';
import { foreseePush } from '../../operator/foresee-push.ts';
import type { EndpointMove, Handovers } from '../../operator/moved-endpoints.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { comparedName, covers } from '../../plan/name-patterns.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import type { DeployedCells } from '../../wiring/deployed-cells.ts';
import type { World } from '../../wiring/world.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, Refused } from '../command/failures.ts';
import { readFleet } from '../command/fleet-files.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';
import { counted } from '../printing/paper.ts';
import { fleetChange, fleetChangeView } from './fleet-change.ts';
import { foreseenDocument, foreseenView, keepsBackMore } from './foreseen-view.ts';
import { undoneInShort } from './undone-view.ts';

interface PushFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly expect?: string;
  readonly from?: string;
}

const STANDING = /^[0-9a-f]{12}$/;

export function fleetPushCommand(runtime: Runtime): Command {
  return newCommand(
    'push',
    'Declare the cells of a fleet file: shows the change and what the planner would make of it, then asks.',
    [
      ['pawl fleet push fleet.yaml --dry-run', 'exits with 1 if it would keep an endpoint back'],
      ['pawl fleet push fleet.yaml --yes', 'does not ask'],
      ['pawl fleet push fleet.yaml --expect 0c9e51f2ab34 --yes', 'exactly the change that a dry run showed'],
    ],
  )
    .argument('<file>', 'the fleet file')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .option(
      '--expect <digits>',
      'what a dry run compared with: if another fleet stands by now, nothing is written',
    )
    .option(
      '--from <cells>',
      'cells that the file does not name and whose endpoints it takes over: one that is renamed or split',
    )
    .action((file: string, flags: PushFlags, command: Command) =>
      runtime.run(command, (session) => fleetPush(session, file, flags)),
    );
}

async function fleetPush(session: Session, file: string, flags: PushFlags): Promise<CommandResult> {
  if (flags.expect !== undefined && !STANDING.test(flags.expect))
    throw new BadInput(
      `"${flags.expect}" is not what a dry run compares with: that has 12 hexadecimal digits.`,
    );
  const fleet = await readFleet(file);
  const world = await session.world();
  const asked = await withZoneIds(world, fleet);
  const from = flags.from === undefined ? undefined : cellNames(flags.from);
  const deps = operatorDeps(world, await world.ledger());
  const { functionsRead } = world;
  const proposed = done(
    await pushFleet(deps, { cells: asked, from, apply: false, expected: flags.expect, functionsRead }),
  );
  const { comparedWith, fleets: cells, moves, reclaims, withdrawals } = proposed;
  const changes = proposed.cells.flatMap(({ cell, before }) => {
    const after = cells.find((each) => each.cell === cell);
    return after === undefined ? [] : [fleetChange(before, after)];
  });
  session.say(fleetChangeView(changes, session.paper));
  session.say(movesView({ moves, reclaims, withdrawals }));
  if (proposed.left.length > 0)
    session.remark(`Cells that the file does not name stay as they are: ${proposed.left.join(', ')}.\n`);
  const news = proposed.cells.filter(({ change }) => change !== 'unchanged').map(({ cell }) => cell);
  const foreseen = await foreseePush(deps, {
    cells: cells.filter(({ cell }) => news.includes(cell)),
    source: typedSource(),
    handovers: { moves, reclaims, withdrawals },
    functionsRead,
  });
  session.say(foreseenView(foreseen, session.paper));
  const isNews = news.length + moves.length + reclaims.length + withdrawals.length > 0;
  const pushes = isNews && flags.dryRun !== true;
  if (pushes) {
    const undone = foreseen.flatMap((each) => each.undone);
    const undoes = undone.length === 0 ? '' : `, which undoes ${undoneInShort(undone)}`;
    await confirm(session, `${questionOf(news, moves)}${undoes}?`, flags.yes);
    done(await pushFleet(deps, { cells: asked, from, apply: true, expected: comparedWith, functionsRead }));
    session.say(
      foreseen.some(({ paused }) => paused !== null)
        ? 'Declared: a paused planner takes it from there once it is resumed.\n'
        : 'Declared: the planner takes it from here ("pawl history --follow").\n',
    );
  }
  if (isNews && flags.dryRun === true)
    session.say(`To declare exactly this, unless another fleet stands by then: --expect ${comparedWith}\n`);
  const document = {
    declared: pushes,
    comparedWith,
    cells: changes,
    moves,
    reclaims,
    withdrawals,
    left: proposed.left,
    foreseen: foreseen.map(foreseenDocument),
  };
  // A dry run is a lint of the file; a push is done when the fleet is declared, and "pawl status" says what waits.
  return { exit: !pushes && keepsBackMore(foreseen) ? EXIT.refused : EXIT.done, document };
}

function cellNames(text: string): readonly CellName[] {
  return [...new Set(text.split(',').map((each) => cellName(each.trim())))];
}

function questionOf(news: readonly CellName[], moves: readonly EndpointMove[]): string {
  const handsOver = moves.map(({ from, to, names }) => `hand ${some(names)} over from ${from} to ${to}`);
  const declares = news.length === 0 ? [] : [`declare the new fleet of ${some(news)}`];
  const [first = '', ...others] = [...declares, ...handsOver];
  return [first.charAt(0).toUpperCase() + first.slice(1), ...others].join(', and ');
}

/** What goes over from one cell to another, and what does not any more. */
function movesView({ moves, reclaims, withdrawals }: Handovers): string {
  const over = moves.map(
    ({ from, to, names }) =>
      `${counted(names.length, 'endpoint')} would go over from ${from} to ${to}: ${some(names)}. ${from} answers until ${to} has taken each by one batch, which moves both fences.\n`,
  );
  const back = withdrawals.map(
    ({ from, to, names }) => `${from} would keep ${some(names)}: the offer to ${to} is withdrawn.\n`,
  );
  const again = reclaims.map(
    ({ from, to, names }) =>
      `${to} would take ${some(names)} back, which it gave to ${from}: at once where nothing of ${from} answers there, else when ${from} offers it.\n`,
  );
  return [...over, ...again, ...back].join('');
}

async function withZoneIds(world: World, declared: FleetFile): Promise<readonly CellFleet[]> {
  const { deployed } = world;
  const fleet = deployed === undefined ? declared : inDeployedZones(deployed, declared);
  const unknown = fleet.cells.filter(({ zoneId }) => zoneId === undefined).map(({ zone }) => zone);
  const ids = unknown.length === 0 ? new Map() : await world.zoneIds([...new Set(unknown)]);
  const resolved = resolveFleet(fleet, ids);
  if (resolved.type === 'resolved') {
    for (const cell of resolved.cells) checkNames(cell, world.deployedNames?.get(cell.cell));
    return resolved.cells;
  }
  throw new BadInput(
    `There is no hosted zone ${resolved.zones.join(', ')} here: create it, or mend the name in the file.`,
  );
}

/**
 * Checks that IAM lets the stack's functions write the endpoints, which it would refuse later and every minute.
 *
 * @throws Refused with the names that are outside.
 */
function checkNames({ cell, endpoints }: CellFleet, patterns: readonly string[] | undefined): void {
  if (patterns === undefined) return;
  const outside = endpoints
    .map(({ name }) => name)
    .filter((name) => !patterns.some((pattern) => covers(pattern, comparedName(name))));
  if (outside.length === 0) return;
  throw new Refused(
    `The functions of the stack may not write ${some(outside)} in the cell ${cell}. Deploy with this fleet file, or with the names in the deployment ("names"), then push.`,
  );
}

/**
 * The same fleet with the zone ids of the stack: where several zones have one name, the stack knows the right one.
 *
 * @throws Refused for a cell that no function serves: it would be declared, and no role would ever work on it.
 */
function inDeployedZones(deployed: DeployedCells, fleet: FleetFile): FleetFile {
  const cells = fleet.cells.map((declared) => {
    const { cell, zone, zoneId } = declared;
    const scope = deployed.get(cell);
    if (scope === undefined) {
      const served = [...deployed.keys()].join(', ');
      throw new Refused(
        `The cell ${cell} is not deployed: the stack serves ${served}. Add it to the deployment, deploy, then push.`,
      );
    }
    if (scope.zone === zone && (zoneId === undefined || zoneId === scope.zoneId)) {
      return { ...declared, zoneId: scope.zoneId };
    }
    const placed = zoneId === undefined ? zone : `${zone} (${zoneId})`;
    throw new Refused(
      `The stack serves the cell ${cell} in the zone ${scope.zone} (${scope.zoneId}), and the file puts it in ${placed}.`,
    );
  });
  return { ...fleet, cells };
}
