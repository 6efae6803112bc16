import type { Command } from 'commander';
import { claimsForShow } from '../../cell/claimed-names.ts';
import { halfFrozenText } from '../../cell/freeze-halves.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../plan/stored-format.ts';
import { eachAtOnce } from '../../runtime/at-once.ts';
import { plannerDeps } from '../../wiring/run-planner.ts';
import type { World } from '../../wiring/world.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../zone/zone.ts';
import { meantCells } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { untilInterrupted } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import type { DampedTarget } from '../printing/damped-targets.ts';
import { dampedLines, dampedTargets } from '../printing/damped-targets.ts';
import { summaryText } from '../printing/event-text.ts';
import { duration } from '../printing/moment.ts';
import { obstacleLines } from '../printing/obstacle-lines.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { answersNotAsked, clause, counted, generationText, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import { askedOfCell } from './asked-of-cell.ts';
import type { AwaitedRoom } from './awaited-room.ts';
import { awaitedRoom } from './awaited-room.ts';
import type { CellCondition, CellStatus } from './cell-status.ts';
import { cellStatus, seeFence } from './cell-status.ts';
import { handoverLines } from './handover-lines.ts';

interface StatusFlags {
  readonly cell?: string;
  readonly watch?: boolean;
}

/** The first format that holds what stands in an endpoint's way. */
const FORMAT_WITH_OBSTACLES = 3;

/** Cells that are looked at at the same time. */
const CELLS_AT_ONCE = 16;
/** Between two looks at every cell's head and fence, milliseconds. */
const WATCH_MS = 2_000;

const TONES: Readonly<Record<CellCondition, Tone>> = {
  rescued: 'bad',
  frozen: 'careful',
  unreachable: 'bad',
  'other-ledger': 'bad',
  'no-fleet': 'faint',
  'no-plan': 'faint',
  refused: 'bad',
  behind: 'careful',
  drifted: 'bad',
  blind: 'bad',
  'kept-back': 'careful',
  'handing-over': 'careful',
  held: 'careful',
  paused: 'careful',
  pending: 'careful',
  converged: 'good',
};

export function statusCommand(runtime: Runtime): Command {
  return newCommand(
    'status',
    'Show where every cell is: its goal, what is applied, its fence, what is wrong, and what waits.',
    [
      ['pawl status', 'exits with 1 unless every zone is as planned, and every plan as asked'],
      ['pawl status --cell use1-a --watch', ''],
    ],
  )
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'this cell alone')
    .option(
      '--watch',
      'look again and again until Ctrl-C; with --json a document a line, when something changed',
    )
    .action((_: string | undefined, flags: StatusFlags, command: Command) =>
      runtime.run(command, (session) =>
        flags.watch === true ? watch(session, flags) : status(session, flags),
      ),
    );
}

/** A cell, with whether its zone is private, so that its answers are not asked; null when that is not known. */
interface ShownCell extends CellStatus {
  /** Targets that came and went, are healthy, and wait. */
  readonly damped: readonly DampedTarget[];
  readonly privateZone: boolean | null;
  /** What the goal has no room for; null where it has. */
  readonly awaitedRoom: AwaitedRoom | null;
}

/** By the id of the zone. */
type KnownPrivacy = Map<string, boolean>;

async function status(session: Session, flags: StatusFlags): Promise<CommandResult> {
  const cells = await look(session, flags, new Map());
  const { clock } = await session.world();
  session.say(statusView(cells, clock.now(), session.paper));
  return { exit: exitOf(cells), document: { cells } };
}

async function look(
  session: Session,
  { cell }: StatusFlags,
  known: KnownPrivacy,
): Promise<readonly ShownCell[]> {
  const world = await session.world();
  const ledger = await world.ledger();
  return lookAtCells(world, ledger, await meantCells(ledger, cell), known);
}

/** What a look at cells needs of a world. */
type LookedAt = Pick<World, 'clock' | 'telemetry' | 'operator' | 'zone'>;

/** The status of these cells, in their order: several are looked at at once. */
export async function lookAtCells(
  world: LookedAt,
  ledger: Ledger,
  names: readonly CellName[],
  known: KnownPrivacy = new Map(),
): Promise<readonly ShownCell[]> {
  const claims = claimsForShow();
  return eachAtOnce(names, CELLS_AT_ONCE, async (name): Promise<ShownCell> => {
    const head = await ledger.head(name);
    const asked = await askedOfCell(plannerDeps(world, ledger, typedSource()), head, claims);
    const seen = await seeFence((id) => world.zone(id), head);
    const privateZone = seen.type === 'unreachable' ? null : await isPrivate(world, head, known);
    const now = world.clock.now();
    const damped = asked.type === 'judged' ? await dampedTargets(ledger, head, now) : [];
    const room = await awaitedRoom(ledger, head);
    return { ...cellStatus(head, seen, asked, now), damped, privateZone, awaitedRoom: room };
  });
}

/** Whether a cell's zone is private. A zone never changes in this, so it is asked once a command. */
async function isPrivate(world: LookedAt, { state }: Head, known: KnownPrivacy): Promise<boolean | null> {
  if (state.fleet === null) return null;
  const { zoneId } = state.fleet;
  const before = known.get(zoneId);
  if (before !== undefined) return before;
  try {
    const { private: found } = await world.zone(zoneId).describe();
    known.set(zoneId, found);
    return found;
  } catch (error) {
    if (error instanceof ZoneUnavailable || error instanceof ZoneNotFound) return null;
    throw error;
  }
}

async function watch(session: Session, flags: StatusFlags): Promise<CommandResult> {
  const world = await session.world();
  session.interruption();
  const known: KnownPrivacy = new Map();
  let before = '';
  let exit: ExitCode = EXIT.done;
  await untilInterrupted(session, WATCH_MS, async () => {
    const cells = await look(session, flags, known);
    exit = exitOf(cells);
    const now = JSON.stringify({ cells });
    if (session.json) {
      if (now !== before) session.terminal.write(`${now}\n`);
    } else if (session.terminal.isTty) {
      session.say(`\u001b[2J\u001b[H${world.title}\n${statusView(cells, world.clock.now(), session.paper)}`);
    } else if (now !== before) session.say(statusView(cells, world.clock.now(), session.paper));
    before = now;
  });
  return { exit };
}

function exitOf(cells: readonly CellStatus[]): ExitCode {
  if (cells.some(({ condition }) => condition === 'unreachable')) return EXIT.unknown;
  return cells.every(({ condition }) => condition === 'converged') ? EXIT.done : EXIT.refused;
}

/** A cell a line, then a sentence for each thing that needs attention. */
function statusView(cells: readonly ShownCell[], now: number, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet: run "pawl fleet push FILE".\n';
  const rows = cells.map((status) => [
    status.cell,
    status.zone ?? '-',
    { text: status.condition, tone: TONES[status.condition] },
    generationText(status.goal),
    generationText(status.applied?.generation),
    String(status.lag),
    status.fence === null ? '-' : String(status.fence.seq),
    tame(status.fence?.by ?? '-'),
    status.drift === null ? '-' : String(status.drift.count),
    since(status, now),
  ]);
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'ZONE' },
      { head: 'STATE' },
      { head: 'GOAL', align: 'right' },
      { head: 'APPLIED', align: 'right' },
      { head: 'LAG', align: 'right' },
      { head: 'SEQ', align: 'right' },
      { head: 'BY' },
      { head: 'DRIFT', align: 'right' },
      { head: 'SINCE' },
    ],
    rows,
  );
  return grid + lines(cells.flatMap((status) => remarks(status, now)));
}

/** How long a cell has been in its condition. */
function since(status: CellStatus, now: number): string {
  const { keptBack, refused, blind, frozen } = status;
  const waiting = keptBack.filter(({ rejected }) => rejected === null).map((each) => each.since);
  const at: Readonly<Record<CellCondition, number | null | undefined>> = {
    rescued: frozen?.at,
    frozen: frozen?.at,
    unreachable: null,
    'other-ledger': null,
    'no-fleet': null,
    'no-plan': null,
    refused: earliest(refused.map((each) => each.since)),
    behind: status.behindSince,
    drifted: status.drift?.at,
    blind: earliest([...blind.map((each) => each.since), ...waiting]),
    'kept-back': earliest(waiting),
    'handing-over': earliest([...status.offers, ...status.awaited].map((each) => each.at)),
    held: earliest([status.held?.at ?? null, status.loosening?.since ?? null]),
    paused: status.paused?.at,
    pending: null,
    converged: status.applied?.at,
  };
  const began = at[status.condition];
  return began === null || began === undefined ? '-' : duration(now - began);
}

function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.flatMap((at) => at ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

function remarks(status: ShownCell, now: number): readonly string[] {
  const { cell, paused, fenceProblem, drained, condition, asks, notJudged } = status;
  const problem = condition === 'no-fleet' || condition === 'no-plan' ? null : fenceProblem;
  return [
    ...frozenLine(status, now),
    ...obstacleLines(cell, status, now),
    ...dampedLines(cell, status.damped),
    ...roomLine(status),
    ...(paused === null
      ? []
      : [
          `${cell}: the planner is paused by ${tame(paused.by)}${ago(paused.at, now)} (${tame(paused.reason)}): "pawl resume ${cell}".`,
        ]),
    ...(asks === null || condition === 'no-plan'
      ? []
      : [
          `${cell}: the planner has yet to append: ${summaryText(asks)}. "pawl plan --cell ${cell}" shows it.`,
        ]),
    ...(status.privateZone === true ? [`${cell}: ${answersNotAsked()}.`] : []),
    ...(notJudged === null ? [] : [`${cell}: what is asked of it is not known: ${clause(notJudged)}.`]),
    ...(problem === null ? [] : [`${cell}: ${clause(problem)}.`]),
    ...(drained.length === 0 ? [] : [`${cell}: drained ${drained.join(', ')}.`]),
    ...evacuatedLines(status),
    ...handoverLines(status, now),
    ...(status.format >= NEWEST_LEDGER_FORMAT || condition === 'no-fleet' ? [] : [formatLine(status)]),
  ];
}

function evacuatedLines({ cell, evacuated, evacuatedBranches }: ShownCell): readonly string[] {
  return [
    ...(evacuated.length === 0 ? [] : [`${cell}: evacuated ${evacuated.join(', ')}.`]),
    ...(evacuatedBranches.length === 0
      ? []
      : [
          `${cell}: evacuated the branch${evacuatedBranches.length === 1 ? '' : 'es'} ${evacuatedBranches.join(', ')}.`,
        ]),
  ];
}

function roomLine({ cell, awaitedRoom: room }: ShownCell): readonly string[] {
  if (room === null) return [];
  const { generation, needs, free } = room;
  return [
    `${cell}: @${generation} waits for room: it needs ${counted(needs, 'record')}, ${free} are free by the last survey. A janitor makes room by what is only retained; "pawl retire ${cell}" does it at once.`,
  ];
}

function frozenLine({ cell, frozen, frozenHalf }: CellStatus, now: number): readonly string[] {
  const since = ago(frozen?.at ?? null, now);
  if (frozenHalf !== null) return [tame(halfFrozenText(cell, { half: frozenHalf, frozen }, since))];
  if (frozen === null) return [];
  const { by, reason } = frozen;
  return [`${cell} is frozen by ${tame(by)}${since} (${tame(reason)}): "pawl thaw ${cell}" lets it go on.`];
}

function formatLine({ cell, format }: CellStatus): string {
  const lacks =
    format < FORMAT_WITH_OBSTACLES
      ? ', which does not record what is kept back, refused or not observed, and since when'
      : '';
  return `${cell} is written in format ${format} of ${NEWEST_LEDGER_FORMAT}${lacks}: "pawl upgrade ${cell}" once every function is of this release.`;
}

function ago(at: number | null, now: number): string {
  return at === null ? '' : ` for ${duration(now - at)}`;
}
