import type { Command } from 'commander';
import type { FleetFile } from '../../fleet/declared-fleet.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';
import { foreseePush } from '../../operator/foresee-push.ts';
import type { Push } from '../../operator/push-fleet.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import type { RolledOut } from '../../rollout/rollout.ts';
import { movesInWaves, wavesOf } from '../../rollout/wave-order.ts';
import type { World } from '../../wiring/world.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, Refused } from '../command/failures.ts';
import { readFleet } from '../command/fleet-files.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { placedFleet } from '../command/placed-fleet.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { FleetChange } from './fleet-change.ts';
import { fleetChange, fleetChangeView } from './fleet-change.ts';
import { foreseenDocument, foreseenView, keepsBackMore } from './foreseen-view.ts';
import { fleetOfLedger, fleetReference } from './ledger-fleets.ts';
import { movesView, pushQuestion, typedCells } from './moves-view.ts';
import { wavesView } from './rollout-view.ts';
import { runRollout } from './run-rollout.ts';
import type { MeantRollout, RolloutFlags } from './typed-rollout.ts';
import { meantRollout, typedBake } from './typed-rollout.ts';
import { undoneInShort } from './undone-view.ts';

interface PushFlags extends RolloutFlags {
  readonly fromLedger?: readonly string[];
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
      ['pawl fleet push fleet.yaml --waves "use1-a; euw1-a,apse2-a" --bake 15m', 'one wave after the other'],
      ['pawl fleet push --from-ledger use1-a@12', 'the fleet that stood at event 12 again'],
    ],
  )
    .argument('[file]', 'the fleet file')
    .option('--from-ledger <cell@event...>', 'instead of a file: what stood in these cells at an event')
    .option('--waves <cells>', 'cells that get it one after the other: "use1-a; euw1-a,apse2-a"')
    .option('--bake <time>', 'watch each wave so long before the next begins: 90s, 15m, 2h', typedBake)
    .option('--all-at-once', 'in every cell at once, whatever waves the file has')
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
    .action((file: string | undefined, flags: PushFlags, command: Command) =>
      runtime.run(command, (session) => fleetPush(session, file, flags)),
    );
}

/** A push as it is shown to a person. */
interface ShownPush {
  /** As they are asked for. */
  readonly cells: readonly CellFleet[];
  readonly from: readonly CellName[] | undefined;
  readonly rollout: MeantRollout | undefined;
  readonly proposed: Push;
  readonly changes: readonly FleetChange[];
  /** The cells that change. */
  readonly news: readonly CellName[];
  readonly foreseen: readonly ForeseenPlan[];
}

async function fleetPush(
  session: Session,
  file: string | undefined,
  flags: PushFlags,
): Promise<CommandResult> {
  if (flags.expect !== undefined && !STANDING.test(flags.expect))
    throw new BadInput(
      `"${flags.expect}" is not what a dry run compares with: that has 12 hexadecimal digits.`,
    );
  const declared = await givenFleets(session, file, flags);
  const rollout = meantRollout(declared, flags);
  const world = await session.world();
  const shown = await show(session, world, { declared, rollout }, flags);
  const { foreseen, proposed, changes } = shown;
  const { moves, reclaims, withdrawals } = proposed;
  const isDry = flags.dryRun === true;
  const pushed = isDry ? undefined : await carryOut(session, world, shown, flags);
  const isNews = isChange(shown);
  if (isNews && isDry)
    session.say(
      `To declare exactly this, unless another fleet stands by then: --expect ${proposed.comparedWith}\n`,
    );
  const isPushed = pushed !== undefined && isNews;
  const document = {
    declared: isPushed,
    comparedWith: proposed.comparedWith,
    cells: changes,
    moves,
    reclaims,
    withdrawals,
    left: proposed.left,
    foreseen: foreseen.map(foreseenDocument),
    ...(rollout === undefined ? {} : { rollout: { ...rollout, end: pushed?.end ?? null } }),
  };
  // A dry run is a lint of the file; a push is done when the fleet is declared, and "pawl status" says what waits.
  const exit = !isPushed && keepsBackMore(foreseen) ? EXIT.refused : EXIT.done;
  return { exit: pushed?.exit ?? exit, document };
}

/** What is to be declared: a file, or what stood before. */
async function givenFleets(
  session: Session,
  file: string | undefined,
  { fromLedger }: PushFlags,
): Promise<FleetFile> {
  if (fromLedger === undefined) {
    if (file === undefined)
      throw new BadInput('Nothing says what to declare: name a fleet file, or give --from-ledger.');
    return readFleet(file);
  }
  if (file !== undefined)
    throw new BadInput(`The file ${file} and --from-ledger exclude each other: give one of them.`);
  const references = fromLedger.map(fleetReference);
  const ledger = await (await session.world()).ledger();
  const cells: CellFleet[] = [];
  for (const reference of references) cells.push(await fleetOfLedger(ledger, reference));
  return { cells };
}

/** Shows what changes, and what the planner would make of it. */
async function show(
  session: Session,
  world: World,
  { declared, rollout }: { readonly declared: FleetFile; readonly rollout: MeantRollout | undefined },
  flags: PushFlags,
): Promise<ShownPush> {
  const asked = await placedFleet(world, declared);
  const from = flags.from === undefined ? undefined : typedCells(flags.from);
  const deps = operatorDeps(world, await world.ledger());
  const { functionsRead } = world;
  const proposed = done(
    await pushFleet(deps, { cells: asked, from, apply: false, expected: flags.expect, functionsRead }),
  );
  const { fleets: cells, moves, reclaims, withdrawals } = proposed;
  const handovers = { moves, reclaims, withdrawals };
  const changes = proposed.cells.flatMap(({ cell, before }) => {
    const after = cells.find((each) => each.cell === cell);
    return after === undefined ? [] : [fleetChange(before, after)];
  });
  session.say(fleetChangeView(changes, session.paper));
  session.say(movesView(handovers));
  if (proposed.left.length > 0)
    session.remark(`Cells that the file does not name stay as they are: ${proposed.left.join(', ')}.\n`);
  const news = proposed.cells.filter(({ change }) => change !== 'unchanged').map(({ cell }) => cell);
  const foreseen = await foreseePush(deps, {
    cells: cells.filter(({ cell }) => news.includes(cell)),
    source: typedSource(),
    handovers,
    functionsRead,
  });
  session.say(foreseenView(foreseen, session.paper));
  sayOrder(session, { cells: asked, rollout, proposed }, flags, declared.rollout !== undefined);
  return { cells: asked, from, rollout, proposed, changes, news, foreseen };
}

/** Says in which order the cells get it. */
function sayOrder(
  session: Session,
  { cells, rollout, proposed }: Pick<ShownPush, 'cells' | 'rollout' | 'proposed'>,
  { allAtOnce }: PushFlags,
  fileSays: boolean,
): void {
  if (rollout !== undefined) {
    const waves = wavesOf(cells, rollout);
    const moves = movesInWaves(proposed);
    if (moves !== undefined) throw new Refused(moves);
    session.say(wavesView(waves, rollout));
    return;
  }
  if (allAtOnce === true) {
    const instead = fileSays ? ', not in the waves of the file' : '';
    session.say(`In every cell at once${instead} (--all-at-once).\n`);
    return;
  }
  const changing = proposed.cells.filter(({ change }) => change === 'declared');
  // Whoever gives and whoever takes get theirs together.
  if (changing.length < 2 || proposed.moves.length > 0) return;
  const waves = changing.map(({ cell }) => cell).join('; ');
  session.remark(
    `${changing.length} cells get it at once: --waves "${waves}" declares it in one wave after the other, and takes a wave back that goes wrong.\n`,
  );
}

/** Whether anything is to be recorded. */
function isChange({ news, proposed }: ShownPush): boolean {
  const { moves, reclaims, withdrawals } = proposed;
  return news.length + moves.length + reclaims.length + withdrawals.length > 0;
}

interface CarriedOut {
  readonly exit?: ExitCode;
  readonly end?: RolledOut;
}

/** Asks, and declares; undefined where nothing is to be done. */
async function carryOut(
  session: Session,
  world: World,
  shown: ShownPush,
  flags: PushFlags,
): Promise<CarriedOut | undefined> {
  const { cells, from, rollout, proposed, news, foreseen } = shown;
  const expected = proposed.comparedWith;
  const isNews = isChange(shown);
  if (isNews) {
    const undone = foreseen.flatMap((each) => each.undone);
    const undoes = undone.length === 0 ? '' : `, which undoes ${undoneInShort(undone)}`;
    const order = rollout === undefined ? '' : ' in waves';
    await confirm(session, `${pushQuestion(news, proposed.moves)}${order}${undoes}?`, flags.yes);
  }
  if (rollout !== undefined) return runRollout(session, world, { cells, rollout, expected });
  if (!isNews) return undefined;
  const deps = operatorDeps(world, await world.ledger());
  const { functionsRead } = world;
  done(await pushFleet(deps, { cells, from, apply: true, expected, functionsRead }));
  session.say(
    foreseen.some(({ paused }) => paused !== null)
      ? 'Declared: a paused planner takes it from there once it is resumed.\n'
      : 'Declared: the planner takes it from here ("pawl history --follow").\n',
  );
  return {};
}
