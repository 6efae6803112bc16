import type { Command } from 'commander';
import { recordedSentence } from '../../ledger/decider/recorded-finding.ts';
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
import { comparisonView } from '../printing/comparison-view.ts';
import { findingsView } from '../printing/findings-view.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import { exactReference, findPlan } from './plan-references.ts';

interface ApproveFlags {
  readonly digest?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const DIGEST = /^[0-9a-f]{12,64}$/i;

export function planApproveCommand(runtime: Runtime): Command {
  return newCommand(
    'approve',
    'Let a held plan go: shows the change, then asks. Only the newest plan of a cell can be approved.',
    [
      ['pawl plan approve use1-a@146', 'asks about what it shows'],
      ['pawl plan approve use1-a@146 --digest 9f3c2a71b0de --yes', 'for a program that has looked at it'],
    ],
  )
    .argument('<plan>', 'CELL@GENERATION')
    .option(
      '--digest <digits>',
      `the digest of the plan that was looked at, ${SHORT_DIGEST_LENGTH} digits or more`,
    )
    .option('--yes', 'do not ask; needs --digest')
    .option('--dry-run', 'show the change, and write nothing')
    .action((plan: string, flags: ApproveFlags, command: Command) =>
      runtime.run(command, (session) => planApprove(session, plan, flags)),
    );
}

async function planApprove(session: Session, text: string, flags: ApproveFlags): Promise<CommandResult> {
  const { cell, generation } = exactReference(text);
  if (flags.digest !== undefined && !DIGEST.test(flags.digest))
    throw new BadInput(
      `"${flags.digest}" is not a digest: it has ${SHORT_DIGEST_LENGTH} to 64 hexadecimal digits.`,
    );
  if (flags.yes === true && flags.digest === undefined)
    throw new BadInput('--yes says nothing about what was looked at: give --digest too.');
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
  const withText = findings.map((finding) => ({ ...finding, message: recordedSentence(finding) }));
  const shown = { cell, generation, digest, findings: withText, ...comparison };
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
