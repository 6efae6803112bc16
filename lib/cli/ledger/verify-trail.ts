import type { CellName } from '../../plan/names.ts';
import type { TrailFinding } from '../../trail/finding.ts';
import type { KnownLog } from '../../trail/known-log.ts';
import { readKnownLog } from '../../trail/known-log.ts';
import { verifyTrail } from '../../trail/play-trail.ts';
import type { TrailWriter } from '../../trail/trail-event.ts';
import { TrailUnreadable } from '../../trail/trail-event.ts';
import type { TrailReport } from '../../trail/trail-report.ts';
import type { TrailReading } from '../../wiring/read-trail.ts';
import { readTrailBeside } from '../../wiring/read-trail-beside.ts';
import type { TrailFile } from '../../wiring/trail-files.ts';
import { trailFiles } from '../../wiring/trail-files.ts';
import type { World } from '../../wiring/world.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { moment } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

export interface TrailFlags {
  /** True: the world's own trail. */
  readonly trail: true | readonly string[];
  /** Names by which the trail knows Pawl's senders. */
  readonly writer?: readonly string[];
}

/** The access key of everybody of Pawl's in a local world. */
const LOCAL_KEY = 'pawl';

/** What really happened, by a trail of requests to Route 53, against the log and the rules of the protocol. */
export async function verifyTrailOf(
  session: Session,
  text: string | undefined,
  flags: TrailFlags,
): Promise<CommandResult> {
  const world = await session.world();
  try {
    // The trail's files are measured before the log is read: the log knows of everything that they hold by now.
    const files = await filesOf(world, flags.trail);
    const ledger = await world.ledger();
    const cells: readonly CellName[] =
      text === undefined ? await ledger.cells() : [(await knownCell(ledger, text)).cell];
    const logs: KnownLog[] = [];
    for (const cell of cells) logs.push(await readKnownLog(ledger, cell));
    const reading: TrailReading = { files: files.length, others: 0 };
    const report = await verifyTrail(readTrailBeside(files, reading), logs, {
      isOwn: ownWriters(world, flags.writer),
    });
    session.say(trailView(report, reading, session.paper));
    const exit = Object.keys(report.counts).length === 0 ? EXIT.done : EXIT.refused;
    return {
      exit,
      document: { ledger: ledger.id, ...reading, ...report, findings: report.findings.map(dated) },
    };
  } catch (error) {
    if (error instanceof TrailUnreadable) throw new BadInput(error.message, { cause: error });
    throw error;
  }
}

async function filesOf(world: World, given: TrailFlags['trail']): Promise<readonly TrailFile[]> {
  if (given !== true) return trailFiles(given);
  if (world.trail === undefined)
    throw new BadInput(
      'Only a local world has a trail of its own: name files of CloudTrail, or a folder of them.',
    );
  const own = await world.trail();
  if (own.length === 0)
    throw new BadInput(
      'This local world has no trail yet: an older Pawl started it, and nothing was written since.',
    );
  return own;
}

function ownWriters(
  world: World,
  given: readonly string[] | undefined,
): ((who: TrailWriter) => boolean) | undefined {
  const own = given ?? (world.kind === 'local' ? [LOCAL_KEY] : undefined);
  if (own === undefined) return undefined;
  return ({ names }) => names.some((name) => own.includes(name));
}

function dated(finding: TrailFinding): Readonly<Record<string, unknown>> {
  const { at, until } = finding;
  return {
    ...finding,
    at: new Date(at).toISOString(),
    ...(until === undefined ? {} : { until: until === null ? null : new Date(until).toISOString() }),
  };
}

/** A cell a line, then everything that was found, then what was left out. */
function trailView(report: TrailReport, reading: TrailReading, paper: Paper): string {
  const rows = report.zones.flatMap(({ zone, cells }) =>
    cells.map(({ cell, steps, writers }) => [
      tame(cell),
      tame(zone),
      String(Object.values(steps).reduce((sum, each) => sum + each, 0)),
      wordsOf(steps),
      tame(Object.keys(writers).sort().join(', ')),
    ]),
  );
  const grid =
    rows.length === 0
      ? 'The ledger has no cell in any zone yet.\n'
      : table(
          paper,
          [
            { head: 'CELL' },
            { head: 'ZONE' },
            { head: 'BATCHES', align: 'right' },
            { head: 'OF THEM' },
            { head: 'SIGNED BY' },
          ],
          rows,
        );
  return (
    grid +
    lines(
      report.findings.flatMap((finding) => findingLines(finding, paper)),
      closing(report, reading),
    )
  );
}

function wordsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

function findingLines(finding: TrailFinding, paper: Paper): readonly string[] {
  const { code, rule, zone, cell, at, until, who, event, change, byHand, what, next } = finding;
  const lasted =
    until === undefined ? '' : until === null ? ', and it had not ended' : ` until ${moment(until)}`;
  const batch = event === '' ? '' : `, event ${event}${change === undefined ? '' : ` (change ${change})`}`;
  return [
    `${paint(paper, byHand ? 'careful' : 'bad', code)} (${rule}) ${moment(at)}${lasted}: ${tame(what)}.`,
    `  by ${tame(who)}${tame(batch)}, in ${cell === undefined ? tame(zone) : `cell ${tame(cell)} of ${tame(zone)}`}; ${next}.`,
  ];
}

function closing(report: TrailReport, { files, others }: TrailReading): readonly string[] {
  const { events, accepted, refused, again, elsewhere, from, to, zones, findings, counts } = report;
  const found = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const span = from === undefined || to === undefined ? '' : ` from ${moment(from)} to ${moment(to)}`;
  const foreign = zones.reduce((sum, zone) => sum + zone.foreign, 0);
  const leftOut = [
    ...(again === 0 ? [] : [`${counted(again, 'event')} that came twice`]),
    ...(elsewhere === 0 ? [] : [`${counted(elsewhere, 'event')} of zones without a cell of this ledger`]),
    ...(foreign === 0 ? [] : [`${counted(foreign, 'batch', 'batches')} about records that are not Pawl's`]),
    ...(others === 0 ? [] : [`${counted(others, 'event')} about something else`]),
  ];
  const before = zones.filter(({ fromStart }) => !fromStart).map(({ zone }) => zone);
  return [
    ...(found > findings.length ? [`${found - findings.length} more are not shown.`] : []),
    `${counted(files, 'file')}, ${counted(events, 'event')}${span}: ${accepted} accepted, ${refused} refused.`,
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join('; ')}.`]),
    ...(before.length === 0
      ? []
      : [`What the trail never touched in ${before.join(', ')} is from before it: nothing is said of that.`]),
    found === 0 ? 'Nothing that the trail shows breaks a rule.' : `${counted(found, 'finding')}.`,
  ];
}
