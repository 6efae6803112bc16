import type { Command } from 'commander';
import { rejectPlan } from '../../operator/reject.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import { newCommand } from '../command/new-command.ts';
import { operatorDeps } from '../command/operator-deps.ts';
import type { Runtime } from '../command/runtime.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { findPlan, planReference } from './plan-references.ts';

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
  const { cell, generation } = planReference(text);
  if (generation === undefined)
    throw new BadInput(`Say which plan: "pawl status" shows what waits, such as ${cell}@146.`);
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, cell);
  if (flags.dryRun === true) {
    const { digest } = await findPlan(ledger, head, generation);
    session.say(
      `${cell}@${generation} (${digest.slice(0, 12)}) would be rejected, if it is held and the newest.\n`,
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
