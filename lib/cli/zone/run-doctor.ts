import type { Command } from 'commander';
import { readFence } from '../../cell/fence-reader.ts';
import type { FrozenHalf } from '../../cell/freeze-halves.ts';
import { halfFrozen, halfFrozenText } from '../../cell/freeze-halves.ts';
import { examine } from '../../doctor/examine.ts';
import type { CheckReport, DoctorReport, DoctorVerdict } from '../../doctor/report.ts';
import { LedgerUnavailable, LedgerUnusable } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import type { TableProtections } from '../../wiring/table-protections.ts';
import type { World } from '../../wiring/world.ts';
import type { Zone } from '../../zone/zone.ts';
import { ZoneUnavailable } from '../../zone/zone.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { progress } from '../command/progress.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

interface DoctorFlags {
  readonly zone: string;
  readonly scratch?: string;
}

const EXITS: Readonly<Record<DoctorVerdict, ExitCode>> = {
  safe: EXIT.done,
  reduced: EXIT.done,
  limited: EXIT.done,
  unsafe: EXIT.refused,
  unknown: EXIT.unknown,
};
/** About the number of checks, for the bar only: the doctor reports the exact number only at the end. */
const CHECKS_ABOUT = 20;

const TONES: Readonly<Record<CheckReport['result'], Tone>> = {
  holds: 'good',
  gap: 'bad',
  unknown: 'careful',
};

/** The most checks that a line names; the table has them all. */
const NAMED_MAX = 5;
/** Where the doctor itself says that a check was not made after a failure. */
const NOT_TRIED = /^not tried: /;

const RESTING: Readonly<Record<CheckReport['severity'], string>> = {
  fence: 'the fence',
  hands: 'manual work',
  proof: 'a proof',
  note: 'nothing',
};

export function doctorCommand(runtime: Runtime): Command {
  return newCommand(
    'doctor',
    'Try on a hosted zone what the fence rests on, in a scratch name of its own, and remove what was made.',
    [['pawl doctor --zone example.test', 'exits with 0 only when everything that the fence rests on holds']],
  )
    .requiredOption('--zone <zone>', 'the name of a hosted zone, or its id')
    .option('--scratch <name>', 'a name in the zone that holds nothing (default: a fresh one)')
    .action((flags: DoctorFlags, command: Command) =>
      runtime.run(command, (session) => doctor(session, flags)),
    );
}

async function doctor(session: Session, flags: DoctorFlags): Promise<CommandResult> {
  const world = await session.world();
  const zone = world.zone(await hostedZoneId(world, flags.zone));
  const { clock, randomness } = world;
  const bar = progress(session, clock, 'check', CHECKS_ABOUT);
  const report = await examine(
    { zone, clock, randomness, observe: () => bar.step() },
    flags.scratch === undefined ? {} : { scratchName: dnsName(flags.scratch) },
  ).finally(() => bar.end());
  const protections = await world.tableProtections?.();
  const halves = await halvesIn(world, zone);
  session.say(doctorView(report, protections, halves, session.paper));
  const isClean = report.leftBehind.length + report.mayStillLand.length === 0;
  const exit = EXITS[report.verdict];
  return {
    exit: isClean || exit !== EXIT.done ? exit : EXIT.refused,
    document: {
      ...report,
      ...(protections === undefined ? {} : { protections }),
      halfFrozen: 'unknown' in halves ? null : halves.cells,
    },
  };
}

/** Cells of the zone whose log and fence disagree whether they are frozen, or why nobody can tell. */
type Halves =
  | { readonly cells: readonly HalfFrozenCell[] }
  /** In the words of the ledger or of the zone. */
  | { readonly unknown: string };

interface HalfFrozenCell {
  readonly cell: CellName;
  readonly half: FrozenHalf;
  readonly says: string;
}

async function halvesIn(world: World, zone: Zone): Promise<Halves> {
  try {
    const ledger = await world.ledger();
    const cells: HalfFrozenCell[] = [];
    for (const cell of await ledger.cells()) {
      const head = await ledger.head(cell);
      const { fleet } = head.state;
      if (fleet?.zoneId !== zone.id) continue;
      const found = halfFrozen(head.state, await readFence(zone, { cell, ...fleet }));
      if (found !== undefined)
        cells.push({ cell, half: found.half, says: tame(halfFrozenText(cell, found)) });
    }
    return { cells };
  } catch (error) {
    if (error instanceof LedgerUnavailable || error instanceof LedgerUnusable)
      return { unknown: error.message };
    if (error instanceof ZoneUnavailable) return { unknown: error.message };
    throw error;
  }
}

/** A line for each check, then the meaning of every gap and the verdict on the endpoint. */
function doctorView(
  report: DoctorReport,
  protections: TableProtections | undefined,
  halves: Halves,
  paper: Paper,
): string {
  const { checks, leftBehind, mayStillLand } = report;
  const grid = table(
    paper,
    [{ head: 'CHECK' }, { head: 'RESULT' }, { head: 'RESTS ON IT' }, { head: 'WHAT IS ASSERTED' }],
    checks.map(({ id, result, severity, asserts }) => [
      id,
      { text: result, tone: TONES[result] },
      RESTING[severity],
      tame(asserts),
    ]),
  );
  return (
    grid +
    lines(
      checks
        .filter(({ result }) => result === 'gap')
        .map(({ id, detail, gapMeans }) => `${id} (gap): ${tame(detail)}. ${tame(gapMeans)}`),
      unknownLines(checks),
      leftBehind.map(({ name, type }) => `left behind, remove it by hand: ${name} ${type}`),
      mayStillLand.map(({ name, type }) => `may still land, look again later: ${name} ${type}`),
      recoveryLine(report),
      protectionLines(protections),
      halfLines(halves),
      verdict(report, paper),
    )
  );
}

/** Each reason once, after all the checks that were not made for it. */
function unknownLines(checks: readonly CheckReport[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, result, detail } of checks) {
    if (result !== 'unknown') continue;
    const reason = detail.replace(NOT_TRIED, '');
    const ids = byReason.get(reason);
    if (ids === undefined) byReason.set(reason, [id]);
    else ids.push(id);
  }
  return [...byReason].map(([reason, ids]) => `${checksText(ids)} (unknown): ${sentence(tame(reason))}`);
}

function checksText(ids: readonly string[]): string {
  return ids.length > NAMED_MAX ? `${ids.length} checks, from ${ids[0]} on` : ids.join(', ');
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

/** Nothing rests on it, and on the day that it is needed it is too late to ask for it. */
function recoveryLine({ acceleratedRecovery: status }: DoctorReport): string {
  if (status === 'ENABLED')
    return 'Accelerated recovery is on: Route 53 can be changed again within about an hour while us-east-1 is down.';
  const word = status === undefined || status === 'DISABLED' ? 'off' : `not on (${tame(status)})`;
  return `Accelerated recovery is ${word}: while Route 53's control plane in us-east-1 is down, nothing in this zone can be changed.`;
}

/** What a stack asks for and an emulator may drop. */
function protectionLines(found: TableProtections | undefined): readonly string[] {
  if (found === undefined) return [];
  const { deletionProtection, pointInTimeRecovery, unknown } = found;
  const table = `The ledger's table ${tame(found.table)}`;
  return [
    ...(deletionProtection === false
      ? [`${table} has no deletion protection: one request deletes the log of every cell.`]
      : []),
    ...(pointInTimeRecovery === false
      ? [`${table} has no point-in-time recovery: what is overwritten or deleted there is gone.`]
      : []),
    ...(unknown === undefined ? [] : [`${table} does not say what protects it (${tame(unknown)}).`]),
  ];
}

/** No verdict rests on it: it is of the cells that live here, not of the endpoint. */
function halfLines(halves: Halves): readonly string[] {
  if ('unknown' in halves)
    return [`Whether a cell of this zone is half frozen is not known: ${sentence(tame(halves.unknown))}`];
  return halves.cells.map(({ says }) => says);
}

function verdict({ verdict: found, zone, zoneId, requests }: DoctorReport, paper: Paper): string {
  const after = ` (${zone}, ${zoneId}, ${counted(requests, 'request')})`;
  switch (found) {
    case 'safe':
      return paint(paper, 'good', 'Safe: everything that the fence rests on holds') + after;
    case 'reduced':
      return (
        paint(paper, 'careful', 'Safe, with a protection less: everything that the fence rests on holds') +
        after
      );
    case 'limited':
      return (
        paint(
          paper,
          'careful',
          'Good for tests: the fence holds, but a mistake made by hand is not caught as Route 53 would',
        ) + after
      );
    case 'unsafe':
      return paint(paper, 'bad', 'Not safe: Pawl must not write to this endpoint') + after;
    case 'unknown':
      return paint(paper, 'careful', 'Not known to be safe: not every check could be made') + after;
  }
}
