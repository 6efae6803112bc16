import type { Command } from 'commander';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { findPlan, planReference, referenceBeside } from '../look/plan-references.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { comparePlans } from '../printing/plan-comparison.ts';

export function planDiffCommand(runtime: Runtime): Command {
  return newCommand(
    'diff',
    'Compare two plans by endpoint and target: weights before and after, share of traffic moved.',
    [['pawl plan diff use1-a@144 @145', '']],
  )
    .argument('<before>', 'CELL or CELL@GENERATION')
    .argument('<after>', 'the same, or a generation of the same cell')
    .action((before: string, after: string, _: unknown, command: Command) =>
      runtime.run(command, (session) => planDiff(session, before, after)),
    );
}

async function planDiff(session: Session, textBefore: string, textAfter: string): Promise<CommandResult> {
  const first = planReference(textBefore);
  const second = referenceBeside(textAfter, first);
  const world = await session.world();
  const ledger = await world.ledger();
  const before = await findPlan(ledger, await knownCell(ledger, first.cell), first.generation);
  const after = await findPlan(ledger, await knownCell(ledger, second.cell), second.generation);
  const comparison = comparePlans(before.plan, after.plan);
  session.say(comparisonView(comparison, session.paper));
  const named = ({ plan, digest }: typeof before) => ({
    cell: plan.cell,
    generation: plan.generation,
    digest,
  });
  return { exit: EXIT.done, document: { before: named(before), after: named(after), ...comparison } };
}
