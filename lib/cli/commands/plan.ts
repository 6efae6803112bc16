import type { Command } from 'commander';
import type { Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import { claimedNames } from '../../operator/cell-names.ts';
import type { CellName } from '../../plan/names.ts';
import { planCell } from '../../planner/plan-cell.ts';
import type { PlanOutcome } from '../../planner/planner.ts';
import { plannerDeps } from '../../wiring/run-planner.ts';
import type { World } from '../../wiring/world.ts';
import { meantCells } from '../cells.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { BadInput } from '../failures.ts';
import { newCommand } from '../new-command.ts';
import { comparePlans } from '../plan-comparison.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import { typedSource } from '../typed-source.ts';
import type { PlannedCell } from '../views/plan-outcome-view.ts';
import { planOutcomeView } from '../views/plan-outcome-view.ts';
import { planApproveCommand } from './plan-approve.ts';
import { planDiffCommand } from './plan-diff.ts';
import { proposeFromFile } from './plan-from.ts';
import { planRejectCommand } from './plan-reject.ts';
import { planShowCommand } from './plan-show.ts';

interface PlanFlags {
  readonly cell?: string;
  readonly append?: boolean;
  readonly from?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function planCommand(runtime: Runtime): Command {
  return newCommand(
    'plan',
    'Show what the planner would append now, with its findings; or propose a plan of your own.',
    [
      ['pawl plan --cell use1-a', 'writes nothing'],
      ['pawl plan --cell use1-a --append', 'appends it, without waiting for the interval'],
      ['pawl plan --from edited.json', 'proposes a copy of "pawl plan show" that was edited'],
    ],
  )
    .option('--cell <cell>', 'this cell alone')
    .option('--append', 'append it')
    .option('--from <file>', 'propose the plan in this file: shows the change, then asks')
    .option('--yes', 'with --from: do not ask')
    .option('--dry-run', 'with --from: show the change, and write nothing')
    .action((flags: PlanFlags, command: Command) => runtime.run(command, (session) => plan(session, flags)))
    .addCommand(planShowCommand(runtime))
    .addCommand(planDiffCommand(runtime))
    .addCommand(planApproveCommand(runtime))
    .addCommand(planRejectCommand(runtime));
}

async function plan(session: Session, flags: PlanFlags): Promise<CommandResult> {
  if (flags.from !== undefined) {
    if (flags.append === true || flags.cell !== undefined)
      throw new BadInput('--from says which cell and which plan: leave out --cell and --append.');
    return proposeFromFile(session, flags.from, flags);
  }
  const world = await session.world();
  const ledger = await world.ledger();
  const cells = await meantCells(ledger, flags.cell);
  const planned: PlannedCell[] = [];
  for (const cell of cells) planned.push(await planOne(world, ledger, cell, flags.append === true));
  session.say(planOutcomeView(planned, session.paper));
  return { exit: worst(planned.map(({ outcome }) => exitOf(outcome))), document: { cells: planned } };
}

async function planOne(world: World, ledger: Ledger, cell: CellName, append: boolean): Promise<PlannedCell> {
  const { goal } = (await ledger.head(cell)).state;
  const outcome = await planCell(plannerDeps(world, ledger, typedSource()), {
    cell,
    append,
    immediate: true,
    claimed: await claimedNames(ledger, new Set([cell])),
  });
  if (outcome.type !== 'proposed' && outcome.type !== 'appended') return { cell, outcome };
  const before = goal === null ? undefined : await getPlan(ledger, cell, goal.digest);
  return { cell, outcome, comparison: comparePlans(before, outcome.proposed.plan) };
}

function exitOf(outcome: PlanOutcome): ExitCode {
  switch (outcome.type) {
    case 'appended':
    case 'proposed':
    case 'unchanged':
    case 'idle':
    case 'coalesced':
      return EXIT.done;
    case 'fatal':
    case 'paused':
    case 'refused':
      return EXIT.refused;
    case 'lost':
      return EXIT.unknown;
  }
}

function worst(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [EXIT.unknown, EXIT.badInput, EXIT.refused];
  return order.find((code) => codes.includes(code)) ?? EXIT.done;
}
