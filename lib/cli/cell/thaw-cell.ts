import type { Command } from 'commander';
import { thaw } from '../../operator/thaw.ts';
import { knownCell, scopeOf } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorZoneDeps } from '../command/workflow-deps.ts';
import { frozenOf, seeFence } from '../look/cell-status.ts';
import { tame } from '../printing/paper.ts';

interface ThawFlags {
  readonly dryRun?: boolean;
}

export function thawCommand(runtime: Runtime): Command {
  return newCommand('thaw', 'Let a frozen cell go on. A thaw that is overtaken ends and says so.', [
    ['pawl thaw use1-a', ''],
  ])
    .argument('<cell>', 'the cell')
    .option('--dry-run', 'say who froze it and why, and write nothing')
    .action((cell: string, flags: ThawFlags, command: Command) =>
      runtime.run(command, (session) => thawCell(session, cell, flags)),
    );
}

async function thawCell(session: Session, text: string, flags: ThawFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const { cell } = head;
  if (flags.dryRun === true) {
    const seen = await seeFence((id) => world.zone(id), head);
    const frozen = frozenOf(head.state, seen);
    session.say(
      frozen === null
        ? `${cell} is not frozen.\n`
        : `${cell} would be thawed: it was frozen by ${tame(frozen.by)} (${tame(frozen.reason)}).\n`,
    );
    return { exit: EXIT.done, document: { cell, thawed: false, frozen } };
  }
  const { seq, wasFrozen } = done(await thaw(operatorZoneDeps(world, ledger, scopeOf(head)), { cell }));
  session.say(wasFrozen ? `${cell} is thawed, fence seq ${seq}.\n` : `${cell} was not frozen.\n`);
  return { exit: EXIT.done, document: { cell, thawed: wasFrozen, seq } };
}
