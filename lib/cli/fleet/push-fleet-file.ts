import type { Command } from 'commander';
import { foreseePush } from '../../operator/foresee-push.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import { readFleet } from '../command/fleet-files.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { placedFleet } from '../command/placed-fleet.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';
import { fleetChange, fleetChangeView } from './fleet-change.ts';
import { foreseenDocument, foreseenView, keepsBackMore } from './foreseen-view.ts';
import { undoneInShort } from './undone-view.ts';

interface PushFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly expect?: string;
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
  const cells = await placedFleet(world, fleet);
  const deps = operatorDeps(world, await world.ledger());
  const { functionsRead } = world;
  const proposed = done(
    await pushFleet(deps, { cells, apply: false, expected: flags.expect, functionsRead }),
  );
  const { comparedWith } = proposed;
  const changes = proposed.cells.flatMap(({ cell, before }) => {
    const after = cells.find((each) => each.cell === cell);
    return after === undefined ? [] : [fleetChange(before, after)];
  });
  session.say(fleetChangeView(changes, session.paper));
  if (proposed.left.length > 0)
    session.remark(`Cells that the file does not name stay as they are: ${proposed.left.join(', ')}.\n`);
  const news = proposed.cells.filter(({ change }) => change !== 'unchanged').map(({ cell }) => cell);
  const foreseen = await foreseePush(deps, {
    cells: cells.filter(({ cell }) => news.includes(cell)),
    source: typedSource(),
    functionsRead,
  });
  session.say(foreseenView(foreseen, session.paper));
  const pushes = news.length > 0 && flags.dryRun !== true;
  if (pushes) {
    const undone = foreseen.flatMap((each) => each.undone);
    const undoes = undone.length === 0 ? '' : `, which undoes ${undoneInShort(undone)}`;
    await confirm(session, `Declare the new fleet of ${some(news)}${undoes}?`, flags.yes);
    done(await pushFleet(deps, { cells, apply: true, expected: comparedWith, functionsRead }));
    session.say(
      foreseen.some(({ paused }) => paused !== null)
        ? 'Declared: a paused planner takes it from there once it is resumed.\n'
        : 'Declared: the planner takes it from here ("pawl history --follow").\n',
    );
  }
  if (news.length > 0 && flags.dryRun === true)
    session.say(`To declare exactly this, unless another fleet stands by then: --expect ${comparedWith}\n`);
  const document = {
    declared: pushes,
    comparedWith,
    cells: changes,
    left: proposed.left,
    foreseen: foreseen.map(foreseenDocument),
  };
  // A dry run is a lint of the file; a push is done when the fleet is declared, and "pawl status" says what waits.
  return { exit: !pushes && keepsBackMore(foreseen) ? EXIT.refused : EXIT.done, document };
}
