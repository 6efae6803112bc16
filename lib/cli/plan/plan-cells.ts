import type { Command } from 'commander';
import { claimsOnNewNames } from '../../cell/claimed-names.ts';
import type { Ledger } from '../../ledger/ledger.ts';

import { getPlan } from '../../ledger/plan-bodies.ts';
import type { CellName } from '../../plan/names.ts';
import { shortDigest } from '../../plan/plan.ts';
import { planCell } from '../../planner/plan-cell.ts';
import type { PlanOutcome } from '../../planner/planner.ts';
import { shownOutcome } from '../../planner/shown-outcome.ts';
import { plannerDeps } from '../../wiring/run-planner.ts';
import type { World } from '../../wiring/world.ts';
import { meantCells } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { summaryText } from '../printing/event-text.ts';
import { findingsView, keptBackView } from '../printing/findings-view.ts';
import { moment } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { clause, paint, tame } from '../printing/paper.ts';
import type { PlanComparison } from '../printing/plan-comparison.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import { proposeFromFile } from './propose-plan-file.ts';

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
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'this cell alone')
    .option('--append', 'append it')
    .option('--from <file>', 'propose the plan in this file: shows the change, then asks')
    .option('--yes', 'with --from: do not ask')
    .option('--dry-run', 'with --from: show the change, and write nothing')
    .action((_: string | undefined, flags: PlanFlags, command: Command) =>
      runtime.run(command, (session) => plan(session, flags)),
    );
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
  const shown = planned.map(({ rejected, ...each }) => ({
    ...each,
    outcome: shownOutcome(each.outcome),
    rejected: [...rejected],
  }));
  return { exit: worst(planned.map(exitOf)), document: { cells: shown } };
}

async function planOne(world: World, ledger: Ledger, cell: CellName, append: boolean): Promise<PlannedCell> {
  const { goal, keptBack } = (await ledger.head(cell)).state;
  const outcome = await planCell(plannerDeps(world, ledger, typedSource()), {
    cell,
    append,
    immediate: true,
    claims: claimsOnNewNames(),
  });
  const rejected = new Set(keptBack.flatMap((entry) => (entry.rejected === undefined ? [] : entry.digest)));
  if (outcome.type !== 'proposed' && outcome.type !== 'appended') return { cell, outcome, rejected };
  const before = goal === null ? undefined : await getPlan(ledger, cell, goal.digest);
  return { cell, outcome, rejected, comparison: comparePlans(before, outcome.proposed.plan) };
}

/** Like a linter's: 1 where an endpoint is kept back and nobody has declined what waits for it. */
function exitOf({ outcome, rejected }: PlannedCell): ExitCode {
  const keptBackExit = (keptBack: readonly { readonly digest: string }[]): ExitCode =>
    keptBack.every(({ digest }) => rejected.has(digest)) ? EXIT.done : EXIT.refused;
  switch (outcome.type) {
    case 'appended':
    case 'proposed':
      return keptBackExit(outcome.proposed.keptBack);
    case 'unchanged':
      return keptBackExit(outcome.keptBack);
    case 'idle':
    case 'coalesced':
      return EXIT.done;
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

/** The outcome of a planner's run in one cell, and the cell's goal now. */
interface PlannedCell {
  readonly cell: CellName;
  readonly outcome: PlanOutcome;
  /** Digests of what waits and was declined. */
  readonly rejected: ReadonlySet<string>;
  readonly comparison?: PlanComparison;
}

/** What the planner would append or has appended, cell by cell. */
function planOutcomeView(planned: readonly PlannedCell[], paper: Paper): string {
  if (planned.length === 0) return 'The ledger has no cells yet: run "pawl fleet push FILE".\n';
  return planned.map((each) => cellText(each, paper)).join('\n');
}

function cellText({ cell, outcome, comparison }: PlannedCell, paper: Paper): string {
  const name = paint(paper, 'strong', cell);
  switch (outcome.type) {
    case 'appended':
    case 'proposed': {
      const { plan, disposition, lane, digest, findings, summary, keptBack } = outcome.proposed;
      const verb = outcome.type === 'appended' ? 'appended' : 'would be appended';
      const held = disposition === 'held' ? paint(paper, 'careful', ', held for approval') : '';
      const urgent = lane === 'urgent' ? ', urgent' : '';
      const approve =
        outcome.type === 'appended' && disposition === 'held'
          ? `"pawl plan approve ${cell}@${plan.generation} --digest ${shortDigest(digest)}" lets it go.\n`
          : '';
      const isRetry = comparison?.endpoints.length === 0;
      const what = isRetry ? 'what Route 53 refused is tried again' : summaryText(summary);
      return (
        `${name}@${plan.generation} (${shortDigest(digest)}) ${verb}${urgent}${held}: ${what}\n` +
        (comparison === undefined || isRetry ? '' : comparisonView(comparison, paper)) +
        findingsView(findings, paper) +
        keptBackView(cell, keptBack, paper) +
        approve
      );
    }
    case 'unchanged':
      return `${name}: no change, the goal stands.\n${keptBackView(cell, outcome.keptBack, paper)}`;
    case 'coalesced':
      return `${name}: a routine change waits until ${moment(outcome.until)}.\n`;
    case 'paused':
      return `${name}: the planner is paused (${tame(outcome.reason)}): "pawl resume ${cell}".\n`;
    case 'idle':
    case 'refused':
      return `${name}: ${clause(outcome.reason)}.\n`;
    case 'lost':
      return `${name}: somebody appended first, or the answer was lost: plan again.\n`;
  }
}
