import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { fenceAnchor } from '../../cell/fence-anchor.ts';
import type { AnchorStore } from '../../ledger/anchor-store.ts';
import type { LedgerReport } from '../../ledger/verify.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import type { AnchorVerdict, CellAnchor } from '../../ledger/verify-anchors.ts';
import { storeAnchor } from '../../ledger/verify-anchors.ts';
import type { CellName } from '../../plan/names.ts';
import { isBucketName } from '../../wiring/anchor-bucket.ts';
import type { World } from '../../wiring/world.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

export function verifyCommand(runtime: Runtime): Command {
  return newCommand(
    'verify',
    'Walk the whole ledger and name every event, link, state and body that is not what was appended, or not what its anchors remember.',
    [
      ['pawl verify use1-a', 'without a cell: all of them'],
      [
        'pawl verify --anchors pawl-anchors',
        'also against a bucket; that of --stack needs no flag, nor does the file of a local world',
      ],
      [
        'pawl verify --trail AWSLogs/',
        'what really happened, by CloudTrail: who wrote outside the fence, and what broke a rule',
      ],
    ],
  )
    .argument('[cell]', 'this cell alone')
    .option('--anchors <bucket>', 'a bucket that keeps the hash of each event', bucketName)
    .option(
      '--trail [files...]',
      "CloudTrail's files, or folders of them; in a local world without one: its own",
    )
    .option('--writer <names...>', "with --trail: Pawl's own senders, as ARN, user or access key")
    .action((cell: string | undefined, flags: VerifyFlags, command: Command) =>
      runtime.run(command, (session) => verifyAs(session, cell, flags)),
    );
}

async function verifyAs(
  session: Session,
  cell: string | undefined,
  flags: VerifyFlags,
): Promise<CommandResult> {
  const { trail, writer, anchors } = flags;
  if (trail === undefined && writer !== undefined)
    throw new BadInput('--writer says who of a trail is Pawl: give --trail too.');
  if (trail === undefined) return verify(session, cell, flags);
  if (anchors !== undefined)
    throw new BadInput('--trail looks at the zone and --anchors at the ledger: give one of them.');
  const { verifyTrailOf } = await import('./verify-trail.ts');
  return verifyTrailOf(session, cell, { trail, ...(writer === undefined ? {} : { writer }) });
}

interface VerifyFlags {
  readonly anchors?: string;
  readonly trail?: true | readonly string[];
  readonly writer?: readonly string[];
}

async function verify(
  session: Session,
  text: string | undefined,
  flags: VerifyFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const store = anchorStoreOf(world, flags);
  const ledger = await world.ledger();
  const cell = text === undefined ? undefined : (await knownCell(ledger, text)).cell;
  const anchorsOf = async (of: CellName): Promise<readonly CellAnchor[]> => [
    await fenceAnchor(ledger, world.zone, of),
    ...(store === undefined ? [] : [await storeAnchor(store, of)]),
  ];
  const report = await verifyLedger({ ledger, anchorsOf }, cell);
  session.say(verifyView(report, session.paper));
  const intact = report.cells.every(({ problems }) => problems.length === 0);
  // Whoever asks whether the log is what was appended gets no yes while one who remembers it does not answer.
  const isUnreached = report.cells.some(({ anchors }) =>
    anchors.some((anchor) => anchor.isUnreached === true),
  );
  const answered = isUnreached ? EXIT.unknown : EXIT.done;
  return { exit: intact ? answered : EXIT.refused, document: { ledger: ledger.id, intact, ...report } };
}

/** The bucket that was named, or the world's own anchors; undefined where there are none. */
function anchorStoreOf({ anchors }: World, flags: VerifyFlags): AnchorStore | undefined {
  if (flags.anchors === undefined) return anchors?.own;
  if (anchors?.open === undefined) {
    throw new BadInput('A local world has no buckets: leave out --anchors, or name a table or a stack.');
  }
  return anchors.open(flags.anchors);
}

function bucketName(text: string): string {
  if (!isBucketName(text)) throw new InvalidArgumentError('It is the name of a bucket, not its ARN.');
  return text;
}

/** A cell a line, then everything that is wrong, then what nobody but the log itself bears out. */
function verifyView({ cells }: LedgerReport, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet.\n';
  const grid = table(
    paper,
    [{ head: 'CELL' }, { head: 'EVENTS', align: 'right' }, { head: 'VERDICT' }],
    cells.map(({ cell, events, problems }) => [
      tame(cell),
      String(events),
      problems.length === 0
        ? { text: 'intact', tone: 'good' }
        : { text: counted(problems.length, 'problem'), tone: 'bad' },
    ]),
  );
  return (
    grid +
    lines(
      cells.flatMap(({ cell, events, problems, anchors }) => [
        ...problems.map(({ what }) => `${tame(cell)}: ${tame(what)}.`),
        ...anchors.map((verdict) => `${tame(cell)}: ${tame(anchorText(verdict, events))}.`),
      ]),
    )
  );
}

/** What one anchor bears out, and what it does not. */
function anchorText(verdict: AnchorVerdict, events: number): string {
  const { anchor, unknown, compared, newest, without, said } = verdict;
  if (unknown !== undefined) {
    return `not compared with ${anchor}, because ${unknown}: a log whose hashes were all recomputed looks intact without it`;
  }
  const parts = [
    ...(compared === 0
      ? []
      : [`${anchor} bears out ${compared === 1 ? `event ${newest}` : counted(compared, 'event')}`]),
    ...(compared > 0 && newest < events
      ? [
          `${counted(events - newest, 'event')} after it ${events - newest === 1 ? 'is' : 'are'} held by the chain alone`,
        ]
      : []),
    ...(without === 0 ? [] : [`${anchor} does not have ${counted(without, 'event')} of the log`]),
    ...(said === 0
      ? []
      : [
          `${anchor} knows ${counted(said, 'event')} that the log lost, as the log says itself (LogContradicted)`,
        ]),
  ];
  return parts.length === 0 ? `${anchor} bears out no event` : parts.join('; ');
}
