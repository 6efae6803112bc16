import type { Command } from 'commander';
import type { RaisedFormat } from '../../operator/raise-format.ts';
import { raiseFormat } from '../../operator/raise-format.ts';
import type { CellName } from '../../plan/names.ts';
import type { World } from '../../wiring/world.ts';
import { meantCells } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done, Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';

interface UpgradeFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function upgradeCommand(runtime: Runtime): Command {
  return newCommand(
    'upgrade',
    'Let cells be written in the newest format, once every function reads it. Older releases then stop at them.',
    [
      ['pawl --stack pawl upgrade --dry-run', 'says which cells would be raised'],
      ['pawl --stack pawl upgrade use1-a', 'asks, then raises one cell'],
    ],
  )
    .argument('[cell]', 'this cell alone')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be raised, and write nothing')
    .action((cell: string | undefined, flags: UpgradeFlags, command: Command) =>
      runtime.run(command, (session) => upgrade(session, cell, flags)),
    );
}

interface UpgradedCell extends RaisedFormat {
  readonly cell: CellName;
}

async function upgrade(
  session: Session,
  text: string | undefined,
  flags: UpgradeFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const deps = operatorDeps(world, ledger);
  const functionsRead = formatOfFunctions(world);
  const raise = async (cell: CellName, apply: boolean): Promise<UpgradedCell> => ({
    cell,
    ...done(await raiseFormat(deps, { cell, functionsRead, apply })),
  });
  const cells: UpgradedCell[] = [];
  for (const cell of await meantCells(ledger, text)) cells.push(await raise(cell, false));
  session.say(cells.map(cellLine).join(''));
  const old = cells.filter(({ from, to }) => from < to).map(({ cell }) => cell);
  const raises = old.length > 0 && flags.dryRun !== true;
  if (raises) {
    await confirm(
      session,
      `Raise ${some(old)}? Older releases can then no longer read what is written; nothing lowers a format again.`,
      flags.yes,
    );
    for (const cell of old) await raise(cell, true);
    session.say('Raised: what is appended from here on is in the new format.\n');
  }
  return { exit: EXIT.done, document: { raised: raises, cells } };
}

function formatOfFunctions({ functionsRead }: World): number {
  if (functionsRead !== undefined) return functionsRead;
  throw new Refused(
    'Nothing here says which formats the functions of these cells read: name their stack with --stack.',
  );
}

function cellLine({ cell, from, to }: UpgradedCell): string {
  return from < to
    ? `${cell} is written in format ${from}, and would be in format ${to}.\n`
    : `${cell} is written in format ${from}, the newest.\n`;
}
