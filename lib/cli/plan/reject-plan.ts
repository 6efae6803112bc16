import type { Command } from 'commander';
import { rejectPlan } from '../../operator/reject.ts';
import { shortDigest } from '../../plan/plan.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { ExactReference } from '../look/plan-references.ts';
import { findPlan, planReference } from '../look/plan-references.ts';
import { rejectEndpoints } from './decide-kept-back.ts';
import { decidePolicy, POLICY } from './decide-policy.ts';

interface RejectFlags {
  readonly reason: string;
  readonly digest?: string;
  readonly dryRun?: boolean;
}

export function planRejectCommand(runtime: Runtime): Command {
  return newCommand(
    'reject',
    'Decline what is kept back of some endpoints, or a held plan. Does not ask, because what is live stays so.',
    [
      ['pawl plan reject use1-a', 'shows all that is kept back, each with its digest'],
      ['pawl plan reject use1-a lab.example.com --digest 0c9e51f2ab34 --reason "it may stay dead"', ''],
      ['pawl plan reject use1-a@146 --reason "half of the fleet"', 'a plan of "pawl plan --from"'],
    ],
  )
    .argument('<plan>', 'CELL for what the planner keeps back; CELL@GENERATION for a held plan, the newest')
    .argument(
      '[endpoints...]',
      'the endpoints, or "policy"; without any, all endpoints that nobody has declined yet',
    )
    .option('--digest <digits>', 'the digest of what was looked at: anything else is refused')
    .option('--reason <text>', 'why', 'no reason was given')
    .option('--dry-run', 'show what would be declined, and write nothing')
    .action((plan: string, endpoints: readonly string[], flags: RejectFlags, command: Command) =>
      runtime.run(command, (session) => reject(session, plan, endpoints, flags)),
    );
}

async function reject(
  session: Session,
  text: string,
  endpoints: readonly string[],
  flags: RejectFlags,
): Promise<CommandResult> {
  const { cell, generation } = planReference(text);
  if (generation === undefined && endpoints.includes(POLICY)) {
    if (endpoints.length > 1)
      throw new BadInput(`The policy is rejected by itself: leave out the endpoints.`);
    return decidePolicy(session, cell, { ...flags, decision: 'reject' });
  }
  if (generation === undefined) return rejectEndpoints(session, cell, { ...flags, endpoints });
  if (endpoints.length > 0)
    throw new BadInput(`A plan is rejected as a whole: leave out ${endpoints.join(' ')}, or @${generation}.`);
  return rejectWhole(session, { cell, generation }, flags);
}

async function rejectWhole(
  session: Session,
  { cell, generation }: ExactReference,
  { reason, digest: seen, dryRun }: RejectFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, cell);
  if (dryRun === true || seen !== undefined) {
    const { digest } = await findPlan(ledger, head, generation);
    if (seen !== undefined && !digest.startsWith(seen.toLowerCase()))
      throw new Refused(`${cell}@${generation} has the digest ${shortDigest(digest)}, not ${seen}.`);
    if (dryRun === true) {
      session.say(
        `${cell}@${generation} (${shortDigest(digest)}) would be rejected, if it is held and the newest.\n`,
      );
      return { exit: EXIT.done, document: { cell, generation, digest, rejected: false } };
    }
  }
  const { changed } = done(await rejectPlan(operatorDeps(world, ledger), { cell, generation, reason }));
  session.say(
    changed ? `${cell}@${generation} is rejected.\n` : `${cell}@${generation} was rejected already.\n`,
  );
  return { exit: EXIT.done, document: { cell, generation, rejected: true, changed } };
}
