import type { Command } from 'commander';
import { audit } from '../../auditor/audit.ts';
import type { AuditOutcome, AuditReport, Contradiction, UnaskedPlace } from '../../auditor/auditor.ts';
import type { Resolver } from '../../auditor/resolver.ts';
import { halfFrozenText } from '../../cell/freeze-halves.ts';
import type { CellName } from '../../plan/names.ts';
import { instant } from '../../runtime/clock.ts';
import { auditorDeps, emptyText } from '../../wiring/run-auditor.ts';
import { serverAnswers } from '../../wiring/server-answers.ts';
import type { World } from '../../wiring/world.ts';
import { meantCells } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import { progress } from '../command/progress.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { cellSettings } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';
import { obstacleLines } from '../printing/obstacle-lines.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { answersNotAsked, clause, counted, lines, tame } from '../printing/paper.ts';
import type { Obstacles } from '../printing/seen-obstacles.ts';
import { alarming, obstaclesOf } from '../printing/seen-obstacles.ts';
import type { Cell } from '../printing/table.ts';
import { table } from '../printing/table.ts';
import { beginRun } from './dry-run.ts';

interface AuditFlags {
  readonly dns: boolean;
  readonly recordLimit?: number;
  readonly within: number;
  readonly dryRun?: boolean;
}

const RECORD_LIMIT_MAX = 1_000_000;

/** The exit code of the worst cell counts: a cell where something is wrong is worse than one that could not be judged. */
const EXITS: Readonly<Record<AuditOutcome['type'], ExitCode>> = {
  clean: EXIT.done,
  unplanned: EXIT.done,
  idle: EXIT.done,
  frozen: EXIT.done,
  'half-frozen': EXIT.refused,
  contradicted: EXIT.refused,
  drift: EXIT.refused,
  regressed: EXIT.refused,
  unanswered: EXIT.refused,
  'other-ledger': EXIT.refused,
  unsettled: EXIT.unknown,
};

const TONES: Readonly<Record<AuditOutcome['type'], Tone>> = {
  clean: 'good',
  contradicted: 'bad',
  drift: 'bad',
  regressed: 'bad',
  unanswered: 'bad',
  'other-ledger': 'bad',
  frozen: 'careful',
  'half-frozen': 'bad',
  unplanned: 'careful',
  unsettled: 'careful',
  idle: 'careful',
};

export function auditCommand(runtime: Runtime): Command {
  return newCommand(
    'audit',
    'Look at the whole zone of one cell, or of all, and record what is not as planned: one run of an auditor.',
    [
      ['pawl audit', 'exits with 1 when something is wrong or waits'],
      ['pawl audit use1-a --no-dns', 'without asking the DNS server for every name'],
    ],
  )
    .argument('[cell]', 'this cell alone')
    .option('--no-dns', 'do not ask the DNS server')
    .option(
      '--record-limit <number>',
      'record sets that the zone may hold, where Route 53 may not be asked for it',
      wholeNumber(1, RECORD_LIMIT_MAX),
    )
    .option('--within <seconds>', 'begin nothing new after this', wholeNumber(1, 3_600), 300)
    .option('--dry-run', 'show what is found and would be recorded, and write nothing')
    .action((cell: string | undefined, flags: AuditFlags, command: Command) =>
      runtime.run(command, (session) => auditCells(session, cell, flags)),
    );
}

async function auditCells(
  session: Session,
  text: string | undefined,
  flags: AuditFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const cells = await meantCells(ledger, text);
  const run = beginRun(session, world, ledger, flags.dryRun);
  const resolver = resolverOf(world, flags);
  const bar = progress(session, world.clock, 'cell', cells.length);
  const audited: AuditedCell[] = [];
  for (const cell of cells) {
    const head = await ledger.head(cell);
    if (head.state.fleet === null) {
      const reason = `no fleet has been pushed for cell ${cell}`;
      audited.push({
        cell,
        outcome: { type: 'idle', reason },
        obstacles: obstaclesOf(head.state, world.clock.now()),
      });
      continue;
    }
    const { recordLimit } = flags;
    const sources = resolver === undefined ? { recordLimit } : { recordLimit, resolver };
    const outcome = await audit(auditorDeps(run.world, run.ledger, cellSettings(world, head), sources), {
      deadline: instant(world.clock.now() + flags.within * 1_000),
    }).finally(() => bar.step());
    audited.push({
      cell,
      outcome,
      obstacles: obstaclesOf((await ledger.head(cell)).state, world.clock.now()),
    });
  }
  bar.end();
  session.say(auditView(audited, world.clock.now(), session.paper));
  const would = run.end();
  const exits = audited.map(({ outcome, obstacles }) =>
    alarming(obstacles).length > 0 ? EXIT.refused : EXITS[outcome.type],
  );
  const exit = exits.includes(EXIT.refused)
    ? EXIT.refused
    : exits.includes(EXIT.unknown)
      ? EXIT.unknown
      : EXIT.done;
  return { exit, document: { cells: audited, ...would } };
}

/** The local world's DNS server, or none: in AWS a zone has its own servers, and "pawl resolve --server" asks one of them. */
function resolverOf(world: World, { dns }: AuditFlags): Resolver | undefined {
  return dns && world.dns !== undefined ? serverAnswers(world, world.dns) : undefined;
}

/** One cell and the outcome of its audit, with all findings. */
interface AuditedCell {
  readonly cell: CellName;
  readonly outcome: AuditOutcome;
  /** What the log says is kept back, refused, not observed or held. */
  readonly obstacles: Obstacles;
}

/**
 * A line for each cell, then one for each thing that is wrong or waits, then one for each that is worth knowing. The
 * verdict is about the zone; what waits, in the next column, keeps the plan from what is asked.
 */
function auditView(cells: readonly AuditedCell[], now: number, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet.\n';
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'VERDICT' },
      { head: 'WAITS' },
      { head: 'APPLIED', align: 'right' },
      { head: 'RECORDS', align: 'right' },
      { head: 'DRIFT', align: 'right' },
      { head: 'DANGLING', align: 'right' },
      { head: 'EMPTY', align: 'right' },
      { head: 'ORPHANS', align: 'right' },
    ],
    cells.map(row),
  );
  return grid + lines(cells.flatMap((each) => remarks(each, now)));
}

function row({ cell, outcome, obstacles }: AuditedCell): readonly Cell[] {
  const verdict = { text: outcome.type, tone: TONES[outcome.type] };
  const kinds = alarming(obstacles);
  const waits: Cell = kinds.length === 0 ? '-' : { text: kinds.join(', '), tone: 'careful' };
  if (outcome.type === 'idle') return [cell, verdict, waits, '', '', '', '', '', ''];
  const { applied, facts, drift, dangling, empty, asked, orphans } = outcome.report;
  return [
    cell,
    verdict,
    waits,
    applied === undefined ? '' : `@${applied.generation}`,
    `${facts.records} of ${facts.recordLimit}`,
    String(drift.length),
    String(dangling.length),
    asked === 0 ? 'not asked' : `${empty.length} of ${asked}`,
    String(orphans.length),
  ];
}

function remarks({ cell, outcome, obstacles }: AuditedCell, now: number): readonly string[] {
  const line = (text: string) => `${cell}: ${clause(text)}.`;
  const waits = obstacleLines(cell, obstacles, now);
  if (outcome.type === 'idle') return [line(outcome.reason), ...waits];
  const reason = outcome.type === 'unsettled' || outcome.type === 'other-ledger' ? [outcome.reason] : [];
  return [
    ...[...reason, ...wrong(outcome.report)].map(line),
    ...halfLine(outcome.report),
    ...waits,
    ...worthKnowing(outcome.report).map(line),
  ];
}

function contradictionText({ number, digits, found }: Contradiction): string {
  const there = found === undefined ? 'the log does not reach it' : `the log has ${found} there`;
  return `the ledger was restored or rewritten: the fence names event ${number} as ${digits}, and ${there}`;
}

function halfLine({ cell, halfFrozen }: AuditReport): readonly string[] {
  return halfFrozen === undefined ? [] : [tame(halfFrozenText(cell, halfFrozen))];
}

function wrong(report: AuditReport): readonly string[] {
  const { contradiction, regressions, drift, obstacle, dangling, empty } = report;
  return [
    ...(contradiction === undefined ? [] : [contradictionText(contradiction)]),
    ...regressions.map(
      ({ what, name, found, expected }) =>
        `the ${what} ${name} went back: found ${found}, expected ${expected}`,
    ),
    ...drift.map(({ name, what }) => `${name} (${what}) is not as planned`),
    ...(obstacle === undefined ? [] : [`no enactor can repair it: ${obstacle}`]),
    ...dangling.map(({ name, type, target }) => `${name} ${type} points at ${target}, where nothing stands`),
    ...empty.map(emptyText),
  ];
}

const UNASKED: Readonly<Record<UnaskedPlace['why'], string>> = {
  'no-client': 'because nobody knows a client there',
  'not-owed': 'because clients elsewhere get no answer by its plan',
  'too-many': 'because it has more places than one audit asks from',
  'not-reached': 'because the time was over or no name server had answered',
};

/** From where endpoints were not asked for, a clause for each reason. */
function unaskedTexts(unasked: readonly UnaskedPlace[]): readonly string[] {
  return Object.entries(UNASKED).flatMap(([why, because]) => {
    const places = unasked.filter((each) => each.why === why).map(({ place }) => place);
    if (places.length === 0) return [];
    return [
      `an endpoint was not asked for from ${counted(places.length, 'place')} ${because}: ${some(places)}`,
    ];
  });
}

function worthKnowing({
  frozenBy,
  halfFrozen,
  unanswered,
  asked,
  unasked,
  private: isPrivate,
  facts,
  strays,
  recorded,
}: AuditReport): readonly string[] {
  return [
    ...(frozenBy === undefined || halfFrozen !== undefined ? [] : [`frozen by ${frozenBy}`]),
    ...(isPrivate ? [answersNotAsked()] : []),
    ...(unanswered === 0 ? [] : [`${unanswered} of ${counted(asked, 'question')} had no reply`]),
    ...unaskedTexts(unasked),
    ...(facts.conflicts.length === 0
      ? []
      : [`not Pawl's yet, and in the way of a plan: ${some(facts.conflicts)}; "pawl adopt" takes them over`]),
    ...(strays.length === 0 ? [] : [`the janitor will delete what is nobody's: ${some(strays)}`]),
    ...(recorded.length === 0 ? [] : [`recorded: ${recorded.join(', ')}`]),
  ];
}
