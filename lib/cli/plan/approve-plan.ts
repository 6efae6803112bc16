import type { Command } from 'commander';
import { shownFindings } from '../../ledger/decider/recorded-finding.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import { approvePlan } from '../../operator/approve.ts';
import { SHORT_DIGEST_LENGTH, shortDigest } from '../../plan/plan.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { ExactReference } from '../look/plan-references.ts';
import { findPlan, planReference } from '../look/plan-references.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { findingsView } from '../printing/findings-view.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import { approveEndpoints } from './decide-kept-back.ts';
import { decidePolicy, POLICY } from './decide-policy.ts';

interface ApproveFlags {
  readonly digest?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const DIGEST = /^[0-9a-f]{12,64}$/i;

export function planApproveCommand(runtime: Runtime): Command {
  return newCommand(
    'approve',
    'Let go what is kept back of some endpoints, or a plan that is held: shows the change, then asks.',
    [
      ['pawl plan approve use1-a', 'shows all that is kept back, and asks'],
      ['pawl plan approve use1-a lab.example.com --digest 0c9e51f2ab34 --yes', 'exactly what was shown'],
      ['pawl plan approve use1-a policy', 'a declared policy that is looser than the one in effect'],
      ['pawl plan approve use1-a@146 --digest 9f3c2a71b0de --yes', 'a plan of "pawl plan --from"'],
    ],
  )
    .argument('<plan>', 'CELL for what the planner keeps back; CELL@GENERATION for a held plan, the newest')
    .argument(
      '[endpoints...]',
      'the endpoints to let go, or "policy"; without any, all endpoints that an approval lets go',
    )
    .option(
      '--digest <digits>',
      `the digest of what was looked at, ${SHORT_DIGEST_LENGTH} digits: anything else is refused`,
    )
    .option('--yes', 'do not ask; needs --digest')
    .option('--dry-run', 'show the change, and write nothing')
    .action((plan: string, endpoints: readonly string[], flags: ApproveFlags, command: Command) =>
      runtime.run(command, (session) => approve(session, plan, endpoints, flags)),
    );
}

async function approve(
  session: Session,
  text: string,
  endpoints: readonly string[],
  flags: ApproveFlags,
): Promise<CommandResult> {
  const { cell, generation } = planReference(text);
  if (flags.digest !== undefined && !DIGEST.test(flags.digest))
    throw new BadInput(
      `"${flags.digest}" is not a digest: it has ${SHORT_DIGEST_LENGTH} to 64 hexadecimal digits.`,
    );
  if (flags.yes === true && flags.digest === undefined)
    throw new BadInput('--yes says nothing about what was looked at: give --digest too.');
  if (generation === undefined && endpoints.includes(POLICY)) {
    if (endpoints.length > 1)
      throw new BadInput(`The policy is approved by itself: leave out the endpoints.`);
    return decidePolicy(session, cell, { ...flags, decision: 'approve', reason: '' });
  }
  if (generation === undefined) return approveEndpoints(session, cell, { ...flags, endpoints });
  if (endpoints.length > 0)
    throw new BadInput(`A plan is approved as a whole: leave out ${endpoints.join(' ')}, or @${generation}.`);
  return approveWhole(session, { cell, generation }, flags);
}

async function approveWhole(
  session: Session,
  { cell, generation }: ExactReference,
  flags: ApproveFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, cell);
  const { plan, digest, event } = await findPlan(ledger, head, generation);
  const { goal } = head.state;
  const base = goal === null ? undefined : await getPlan(ledger, cell, goal.digest);
  const findings = event.event.type === 'PlanAppended' ? event.event.findings : [];
  const comparison = comparePlans(base, plan);
  session.say(`${cell}@${generation} (${shortDigest(digest)}), against the goal:\n`);
  session.say(comparisonView(comparison, session.paper) + findingsView(findings, session.paper));
  const shown = { cell, generation, digest, findings: shownFindings(findings), ...comparison };
  if (flags.dryRun === true) return { exit: EXIT.done, document: { approved: false, ...shown } };
  await confirm(session, `Approve ${cell}@${generation}?`, flags.yes);
  const approval = done(
    await approvePlan(operatorDeps(world, ledger), { cell, generation, digest: flags.digest ?? digest }),
  );
  session.say(
    approval.changed
      ? `${cell}@${generation} is approved.\n`
      : `${cell}@${generation} was approved already.\n`,
  );
  return { exit: EXIT.done, document: { approved: true, ...shown } };
}
