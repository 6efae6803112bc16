import type { Command } from 'commander';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { GivenBack } from '../../operator/give-back.ts';
import { giveBack } from '../../operator/give-back.ts';
import type { World } from '../../wiring/world.ts';
import { zoneWriter } from '../../wiring/zone-writer.ts';
import { knownCell, scopeOf } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { fenceWait, operatorDeps } from '../command/workflow-deps.ts';
import { counted } from '../printing/paper.ts';
import { recordsView } from '../printing/records-view.ts';

interface GiveBackFlags {
  readonly cell?: string;
  readonly zone?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Record sets that are shown of all cells together; the rest is counted. */
const RECORDS_SHOWN_MAX = 40;

export function giveBackCommand(runtime: Runtime): Command {
  return newCommand(
    'give-back',
    'Leave plain records at the names of a cell, or of all cells of a zone, and nothing of Pawl; the undoing of take-over.',
    [
      ['pawl give-back --zone example.com --dry-run', 'the records that would stand there'],
      ['pawl give-back --cell use1-a', 'one cell; "pawl thaw" and "pawl resume" take it back'],
    ],
  )
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'one cell')
    .option('--zone <zone>', 'every cell of this zone; its name, or its id')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would stand there, and write nothing')
    .action((_: string | undefined, flags: GiveBackFlags, command: Command) =>
      runtime.run(command, (session) => giveBackCells(session, flags)),
    );
}

async function giveBackCells(session: Session, flags: GiveBackFlags): Promise<CommandResult> {
  if ((flags.cell === undefined) === (flags.zone === undefined))
    throw new BadInput('Say what to give back: --cell CELL or --zone ZONE, and not both.');
  const world = await session.world();
  const ledger = await world.ledger();
  const heads =
    flags.cell === undefined
      ? await cellsOfZone(world, ledger, flags.zone ?? '')
      : [await knownCell(ledger, flags.cell)];
  const give = (head: Head, apply: boolean) => givenBack(world, ledger, head, apply);
  const shown: (GivenBack & { readonly cell: string })[] = [];
  for (const head of heads) shown.push({ cell: head.cell, ...done(await give(head, false)) });
  showAll(session, shown);
  const due = heads.filter(({ cell }) => shown.some((each) => each.cell === cell && each.change === 'shown'));
  if (due.length === 0 || flags.dryRun === true) return { exit: EXIT.done, document: { cells: shown } };
  const whose = due.map(({ cell }) => cell).join(', ');
  await confirm(
    session,
    `Leave these records behind, delete everything else of ${whose}, and keep it frozen?`,
    flags.yes,
  );
  const given: (GivenBack & { readonly cell: string })[] = [];
  for (const head of due) {
    const { cell } = head;
    const one = done(await give(head, true));
    given.push({ cell, ...one });
    session.say(
      `${cell} is given back, in ${counted(one.batches, 'batch', 'batches')}: nothing of it is left in ${scopeOf(head).zone}. "pawl thaw ${cell}" and "pawl resume ${cell}" take it back.\n`,
    );
  }
  return { exit: EXIT.done, document: { cells: given } };
}

/** @throws BadInput when no cell of the ledger lives in the zone. */
async function cellsOfZone(world: World, ledger: Ledger, zone: string): Promise<readonly Head[]> {
  const zoneId = await hostedZoneId(world, zone);
  const heads: Head[] = [];
  for (const cell of [...(await ledger.cells())].sort()) {
    const head = await ledger.head(cell);
    if (head.state.fleet?.zoneId === zoneId) heads.push(head);
  }
  if (heads.length === 0) throw new BadInput(`No cell of the ledger lives in the zone ${zone}.`);
  return heads;
}

function givenBack(world: World, ledger: Ledger, head: Head, apply: boolean): ReturnType<typeof giveBack> {
  const writer = zoneWriter(world, 'give-back', scopeOf(head));
  const deps = { ...operatorDeps(world, ledger), writer };
  return giveBack(deps, { cell: head.cell, apply, waits: () => fenceWait(world) });
}

function showAll(session: Session, shown: readonly (GivenBack & { readonly cell: string })[]): void {
  const records = shown.flatMap(({ names }) => names.flatMap((each) => each.records));
  session.say(recordsView(records.slice(0, RECORDS_SHOWN_MAX), session.paper));
  const more = records.length - RECORDS_SHOWN_MAX;
  if (more > 0) session.say(`and ${counted(more, 'more record set')}\n`);
  for (const { cell, change, names, inside } of shown)
    session.say(
      change === 'already'
        ? `${cell} is given back already.\n`
        : `${cell}: ${counted(names.length, 'name')} would answer with plain records, and ${counted(inside, 'record set')} of its own would go, and its fence.\n`,
    );
}
