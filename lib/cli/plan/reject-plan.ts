import type { Command } from 'commander';
import { rejectPlan } from '../../operator/reject.ts';
import { shortDigest } from '../../plan/plan.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { exactReference, findPlan } from './plan-references.ts';

interface RejectFlags {
  readonly reason: string;
  readonly dryRun?: boolean;
}

export function planRejectCommand(runtime: Runtime): Command {
  return newCommand(
    'reject',
    'Refuse a held plan: it is never enacted. Does not ask, because what is live stays so.',
    [['pawl plan reject use1-a@146 --reason "half of the fleet"', '']],
  )
    .argument('<plan>', 'CELL@GENERATION')
    .option('--reason <text>', 'why', 'no reason was given')
    .option('--dry-run', 'say what would be rejected, and write nothing')
    .action((plan: string, flags: RejectFlags, command: Command) =>
      runtime.run(command, (session) => planReject(session, plan, flags)),
    );
}

async function planReject(session: Session, text: string, flags: RejectFlags): Promise<CommandResult> {
  const { cell, generation } = exactReference(text);
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, cell);
  if (flags.dryRun === true) {
    const { digest } = await findPlan(ledger, head, generation);
    session.say(
      `${cell}@${generation} (${shortDigest(digest)}) would be rejected, if it is held and the newest.\n`,
    );
    return { exit: EXIT.done, document: { cell, generation, digest, rejected: false } };
  }
  const { reason } = flags;
  const { changed } = done(await rejectPlan(operatorDeps(world, ledger), { cell, generation, reason }));
  session.say(
    changed ? `${cell}@${generation} is rejected.\n` : `${cell}@${generation} was rejected already.\n`,
  );
  return { exit: EXIT.done, document: { cell, generation, rejected: true, changed } };
}
