import { tmpdir } from 'node:os';
import type { Command } from 'commander';
import { holdPeriod } from '../../lease/hold-period.ts';
import type { HolderMemory, HoldRequest } from '../../lease/holder.ts';
import { mayAct, NEW_HOLDER } from '../../lease/holder.ts';
import type { LeaseTable } from '../../lease/lease-table.ts';
import { LeasesAway } from '../../lease/lease-table.ts';
import { systemStopwatch } from '../../runtime/stopwatch.ts';
import type { World } from '../../wiring/world.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { tame } from '../printing/paper.ts';
import type { HoldMetrics } from './hold-metrics.ts';
import { holdMetrics } from './hold-metrics.ts';
import type { PeriodResult } from './hold-story.ts';
import { holdStory } from './hold-story.ts';
import { lockHolder } from './holder-lock.ts';
import { holderName } from './holder-name.ts';
import { groupName, hearingZone, LEASES_OPTION, leasesOf } from './lease-place.ts';
import type { MemberChecks } from './member-checks.ts';
import { memberChecks } from './member-checks.ts';
import { readMembers } from './members-file.ts';

interface HoldFlags {
  readonly az: string;
  readonly members: string;
  readonly check?: string;
  readonly by?: string;
  readonly lock: string;
  readonly metricsPort?: number;
}

/** Where no tick was read. */
const EVERY_MS = 60_000;
/** A period is so much shorter or longer, so that holders that began together do not stay together. */
const JITTER = 0.1;
const PORT_MAX = 65_535;

export function leaseHoldCommand(runtime: Runtime): Command {
  return newCommand(
    'hold',
    'Hold the lease of a group of members until it is ended: one write a period, and nothing at the end.',
    [
      [
        'pawl lease hold use1-a rack-7 --az use1-az1 --members rack-7.members',
        'one member a line: NAME, NAME SHARE or NAME out',
      ],
      [
        'pawl lease hold use1-a rack-7 --az use1-az1 --members rack-7.members --check \'curl -fs "http://$PAWL_MEMBER/"\'',
        '',
      ],
    ],
  )
    .argument('<cell>', 'the cell of the target')
    .argument('<group>', 'the group as the fleet file names it')
    .requiredOption('--az <az>', 'the availability zone of the target')
    .requiredOption('--members <file>', 'the members, 1 to 750; read anew each period')
    .option('--check <command>', 'run for each member by sh, with PAWL_MEMBER; exit code 0 serves')
    .option(
      '--by <name>',
      "who holds it: the same name after a restart, and never on two machines (default: this machine's name)",
    )
    .option('--lock <folder>', 'where a second process of this name is kept out', tmpdir())
    .option(
      '--metrics-port <port>',
      'serve metrics to Prometheus on 127.0.0.1; 0 for any (default: none)',
      wholeNumber(0, PORT_MAX),
    )
    .option(...LEASES_OPTION)
    .action((cell: string, group: string, flags: HoldFlags, command: Command) =>
      runtime.run(command, (session) => hold(session, cell, group, flags)),
    );
}

async function hold(session: Session, cell: string, group: string, flags: HoldFlags): Promise<CommandResult> {
  const who = { zone: hearingZone(cell, flags.az), group: groupName(group), by: holderName(flags.by) };
  await readMembers(flags.members);
  const stop = session.interruption();
  const world = await session.world('none');
  const leases = leasesOf(world);
  const lock = await lockHolder(flags.lock, who, world);
  let metrics: HoldMetrics | undefined;
  try {
    metrics = await holdMetrics(session, world, who, flags.metricsPort);
    const stopwatch = systemStopwatch();
    const before = await servingBefore(leases, who, flags.members);
    const checks =
      flags.check === undefined ? undefined : memberChecks(flags.check, stopwatch.elapsedMs, { before });
    const deps = { world, leases, stopwatch, checks, metrics };
    await ended(stop, periods(session, deps, who, flags.members, stop));
    return { exit: EXIT.done };
  } finally {
    await metrics?.close();
    await lock.release();
  }
}

interface PeriodDeps {
  readonly world: Pick<World, 'clock' | 'randomness'>;
  readonly leases: Parameters<typeof holdPeriod>[0]['leases'];
  readonly stopwatch: ReturnType<typeof systemStopwatch>;
  readonly checks: MemberChecks | undefined;
  readonly metrics: HoldMetrics;
}

/**
 * Period after period until the end. The first one begins at once, so that a restart takes no capacity out; those that
 * were restarted together drift apart. The members are checked as long before a write as it took the last time.
 */
async function periods(
  session: Session,
  { world, leases, stopwatch, checks, metrics }: PeriodDeps,
  who: Omit<HoldRequest, 'members'>,
  file: string,
  stop: AbortSignal,
): Promise<void> {
  const story = holdStory(who.group, who.by);
  let memory: HolderMemory = NEW_HOLDER;
  let every = EVERY_MS;
  let checkMs = 0;
  while (!stop.aborted) {
    const members = await membersNow(file, checks, stopwatch, stop);
    // As long as the last time: a check that is quicker once does not bring two writes nearer to each other.
    await world.clock.sleep(Math.max(0, Math.ceil(checkMs - members.tookMs)), stop);
    checkMs = members.tookMs;
    const began = stopwatch.elapsedMs();
    let result: PeriodResult;
    if (members.type === 'members') {
      const period = await holdPeriod({ leases, stopwatch }, { ...who, members: members.members }, memory);
      memory = period.memory;
      every = period.every ?? every;
      result = period.outcome;
    } else {
      memory = { ...memory, tries: memory.tries + 1 };
      result = members;
    }
    const tell = (isNew: boolean) => {
      const isActing = mayAct(memory, stopwatch.elapsedMs());
      const line = story.tell(result, isActing, world.clock.now(), isNew);
      if (line === undefined || stop.aborted) return;
      const { text, ...document } = line;
      session.say(`${tame(text)}\n`);
      if (session.json) session.terminal.write(`${JSON.stringify(document)}\n`);
    };
    tell(true);
    metrics.period(result, memory.tries, mayAct(memory, stopwatch.elapsedMs()));
    const period = every * (1 - JITTER + 2 * JITTER * world.randomness.fraction());
    const next = began + period - checkMs;
    const until = memory.hold?.untilMs ?? next;
    if (until < next && mayAct(memory, stopwatch.elapsedMs())) {
      // Its time ends before it tries again: whoever acts by it has to know now.
      await world.clock.sleep(Math.max(0, Math.ceil(until - stopwatch.elapsedMs())), stop);
      tell(false);
      metrics.overdue();
    }
    await world.clock.sleep(Math.max(0, Math.ceil(next - stopwatch.elapsedMs())), stop);
  }
}

/** Who served in this holder's own row when the process before this one ended: a restart takes nobody out. */
async function servingBefore(
  leases: LeaseTable,
  { zone, group, by }: Omit<HoldRequest, 'members'>,
  file: string,
): Promise<readonly string[]> {
  try {
    const read = await leases.readRow(zone, group);
    const listed = await readMembers(file);
    if (read?.type !== 'row' || read.row.by !== by || read.row.members.length !== listed.length) return [];
    return listed.flatMap(({ name }, index) => ((read.row.members[index] ?? 0) > 0 ? [name] : []));
  } catch (error) {
    if (error instanceof LeasesAway) return [];
    throw error;
  }
}

type MembersNow = { readonly tookMs: number } & (
  | { readonly type: 'members'; readonly members: readonly number[] }
  | { readonly type: 'file'; readonly reason: string }
);

/** One byte a member, as the file and the checks have it now. */
async function membersNow(
  file: string,
  checks: MemberChecks | undefined,
  { elapsedMs }: PeriodDeps['stopwatch'],
  stop: AbortSignal,
): Promise<MembersNow> {
  const began = elapsedMs();
  try {
    const listed = await readMembers(file);
    const asked = listed.filter(({ share }) => share > 0).map(({ name }) => name);
    const serving = checks === undefined ? undefined : await checks.serving(asked, stop);
    const members = listed.map(({ name, share }) => (serving?.has(name) === false ? 0 : share));
    return { type: 'members', members, tookMs: elapsedMs() - began };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { type: 'file', reason: error.message, tookMs: elapsedMs() - began };
  }
}

/** The work, or its end by a signal, whichever comes first: a request that hangs keeps nobody. */
async function ended(stop: AbortSignal, work: Promise<void>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([work, stopped]);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
