import type { Command } from 'commander';
import { Option } from 'commander';
import type { FleetFile } from '../../fleet/declared-fleet.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { RolledOut } from '../../rollout/rollout.ts';
import type { World } from '../../wiring/world.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import { readFleet } from '../command/fleet-files.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { keepsBackMore } from './foreseen-view.ts';
import { fleetOfLedger, fleetReference } from './ledger-fleets.ts';
import { pushQuestion, unsettledText } from './moves-view.ts';
import { pushDocument } from './push-document.ts';
import { pushMarkdown } from './push-markdown.ts';
import { runRollout } from './run-rollout.ts';
import type { WaitedPush, WaitFor } from './run-wait.ts';
import { runWait } from './run-wait.ts';
import type { ShownFlags, ShownPush } from './shown-push.ts';
import { isChange, showPush } from './shown-push.ts';
import { meantRollout, typedBake } from './typed-rollout.ts';
import { undoneInShort } from './undone-view.ts';

interface PushFlags extends ShownFlags {
  readonly fromLedger?: readonly string[];
  readonly yes?: boolean;
  readonly format?: 'text' | 'json' | 'markdown';
  readonly wait?: WaitFor;
}

const STANDING = /^[0-9a-f]{12}$/;

export function fleetPushCommand(runtime: Runtime): Command {
  return newCommand(
    'push',
    'Declare the cells of a fleet file: shows the change and what the planner would make of it, then asks.',
    [
      ['pawl fleet push fleet.yaml --dry-run', 'exits with 1 if it would keep an endpoint back'],
      ['pawl fleet push fleet.yaml --dry-run --format markdown', 'what a pull request shows'],
      ['pawl fleet push fleet.yaml --yes', 'does not ask'],
      ['pawl fleet push fleet.yaml --expect 0c9e51f2ab34 --yes', 'exactly the change that a dry run showed'],
      ['pawl fleet push fleet.yaml --waves "use1-a; euw1-a,apse2-a" --bake 15m', 'one wave after the other'],
      ['pawl fleet push fleet.yaml --yes --wait applied', 'and exits with 1 if something waits for a person'],
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
    .addOption(
      new Option('--format <format>', 'text; json, as --json; or markdown, with --dry-run').choices([
        'text',
        'json',
        'markdown',
      ]),
    )
    .addOption(
      new Option(
        '--wait <state>',
        'until it is applied, at most 15 min and the interval: held is content with what waits for a person',
      ).choices(['applied', 'held']),
    )
    .option(
      '--from <cells>',
      'cells that the file does not name and whose endpoints it takes over: one that is renamed or split',
    )
    .action((file: string | undefined, flags: PushFlags, command: Command) =>
      runtime.run(command, (session) => fleetPush(session, file, flags)),
    );
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
  if (flags.format === 'markdown' && flags.dryRun !== true)
    throw new BadInput('--format markdown is what a review shows of a dry run: give --dry-run too.');
  if (flags.wait !== undefined && flags.dryRun === true)
    throw new BadInput('--wait and --dry-run exclude each other: what is not declared is never applied.');
  const declared = await givenFleets(session, file, flags);
  const rollout = meantRollout(declared, flags);
  const world = await session.world();
  const shown = await showPush(session, world, { declared, rollout }, flags);
  const pushed = flags.dryRun === true ? undefined : await carryOut(session, world, shown, flags);
  const isNews = isChange(shown);
  const { comparedWith, unsettled } = shown.proposed;
  if (isNews && flags.dryRun === true)
    session.say(`To declare exactly this, unless another fleet stands by then: --expect ${comparedWith}\n`);
  const isPushed = pushed !== undefined && isNews;
  const document = pushDocument(shown, { ...pushed, declared: isPushed });
  // A dry run is a lint of the file; a push is done when the fleet is declared, and "pawl status" says what waits.
  // The file is declared but for the fleets of cells that may have taken what comes back.
  const isHalf = flags.dryRun !== true && unsettled.length > 0;
  const exit = isHalf || (!isPushed && keepsBackMore(shown.foreseen)) ? EXIT.refused : EXIT.done;
  const page = flags.format === 'markdown' ? pushMarkdown(document, file ?? '') : undefined;
  if (isHalf) session.remark(unsettled.map((each) => `${unsettledText(each)}\n`).join(''));
  return { exit: isHalf ? exit : (pushed?.exit ?? exit), document, page };
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

/** Of a push in waves, which waits by itself, or of one that was waited for. */
interface CarriedOut {
  readonly exit?: ExitCode;
  readonly end?: RolledOut;
  readonly wait?: WaitedPush;
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
  const waits = async () =>
    flags.wait === undefined ? {} : runWait(session, world, proposed.fleets, flags.wait);
  if (!isNews) return flags.wait === undefined ? undefined : waits();
  const deps = operatorDeps(world, await world.ledger());
  const { functionsRead } = world;
  done(await pushFleet(deps, { cells, from, apply: true, expected, functionsRead }));
  session.say(
    foreseen.some(({ paused }) => paused !== null)
      ? 'Declared: a paused planner takes it from there once it is resumed.\n'
      : 'Declared: the planner takes it from here ("pawl history --follow").\n',
  );
  return waits();
}
