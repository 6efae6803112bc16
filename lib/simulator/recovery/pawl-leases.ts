import { hearZone } from '../../lease/hear-zone.ts';
import { holdPeriod } from '../../lease/hold-period.ts';
import type { HolderMemory } from '../../lease/holder.ts';
import { mayAct, NEW_HOLDER } from '../../lease/holder.ts';
import { judgeZone } from '../../lease/judge-zone.ts';
import type { HearingZone } from '../../lease/lease-table.ts';
import { LeasesAway } from '../../lease/lease-table.ts';
import { memoryLeases } from '../../lease/memory-leases.ts';
import type { Observation } from '../../plan/fleet-model.ts';
import { instant } from '../../runtime/clock.ts';
import type { VirtualTime } from '../ports/virtual-time.ts';
import { virtualTime } from '../ports/virtual-time.ts';
import type { SeededDraw } from '../random/strategy.ts';
import { seededDraw } from '../random/strategy.ts';
import { gatedLeases } from './gated-leases.ts';
import type { Group } from './pawl-groups.ts';
import { groupsOf } from './pawl-groups.ts';
import type { Played } from './played.ts';
import type { RecoverySchedule } from './recovery-schedule.ts';
import type { Levels, SeriesRecorder } from './recovery-series.ts';
import { seriesRecorder } from './recovery-series.ts';

/** The fault's beginning: 2025-10-20T06:48Z. */
const ZERO_MS = Date.UTC(2025, 9, 20, 6, 48);
const MINUTE_MS = 60_000;
const SETTLING_MS = 5 * MINUTE_MS;
/** What holders wait where they could not read the tick yet, milliseconds. */
const EVERY_MS = 60_000;
/** A holder's period is up to a tenth shorter or longer than what the tick asks for. */
const SPREAD = 0.1;
/** Two planners, each once a minute: when in a minute, and how far its clock is ahead, milliseconds. */
const PLANNERS = [
  { at: 7_000, ahead: 0 },
  { at: 37_000, ahead: 2_000 },
] as const;
const SEED = 20_251_020;

/** Somebody who is at work once in a while. */
interface Actor {
  /** When it is due, milliseconds since 1970. */
  dueMs: number;
  /** @returns when it is due again. */
  run(): Promise<number>;
}

/** A group, its holder, and what the planners made of it. */
interface Member {
  readonly group: Group;
  memory: HolderMemory;
  /** When its row was last written, and before that within a shortest period. */
  writtenMs: readonly number[];
  /** When its holder asked for the tick, likewise. */
  triedMs: readonly number[];
  /** Heard by the last planner that looked, which was able to. */
  heard: boolean;
  /** What the planners recorded last. */
  observed: Observation | undefined;
}

interface Stage {
  readonly schedule: RecoverySchedule;
  readonly time: VirtualTime;
  readonly leases: ReturnType<typeof memoryLeases>;
  readonly members: readonly Member[];
  readonly recorder: SeriesRecorder;
  readonly draw: SeededDraw;
  readonly counts: { lapses: number; writes: number; tries: number; work: number; wasted: number };
  /** Since when every planner that looked has heard everybody. */
  heardSinceMs: number | null;
}

/**
 * Plays Pawl: its production code for holders and for planners, on a table in memory that is away as the schedule says.
 * Groups have up to 750 members, and a holder each. A target takes what the rule gives: what is heard its capacity, what
 * has lapsed nothing, and whatever is silent, or in a deaf zone, stays as it was.
 */
export async function playPawl(schedule: RecoverySchedule, holders: number): Promise<Played> {
  const begins = ZERO_MS + schedule.beginsMinute * MINUTE_MS;
  const ends = ZERO_MS + schedule.endsMinute * MINUTE_MS;
  const stage: Stage = {
    schedule,
    time: virtualTime(begins - SETTLING_MS),
    leases: memoryLeases(),
    members: groupsOf(holders).map((group) => ({
      ...{ group, memory: NEW_HOLDER, writtenMs: [], triedMs: [] },
      ...{ heard: false, observed: undefined },
    })),
    recorder: seriesRecorder(),
    draw: seededDraw(SEED),
    counts: { lapses: 0, writes: 0, tries: 0, work: 0, wasted: 0 },
    heardSinceMs: null,
  };
  const actors = [...plannersOf(stage), ...stage.members.map((member) => holderOf(stage, member))];
  await playActors(stage.time, actors, ends, (now) => {
    if (now > begins && now % MINUTE_MS === begins % MINUTE_MS) stage.recorder.endMinute(levelsOf(stage));
    else if (now === begins)
      Object.assign(stage.recorder.flows, { asked: 0, written: 0, work: 0, wasted: 0 });
  });
  const back = ZERO_MS + schedule.fault.toMinute * MINUTE_MS;
  const { lapses, writes, tries, work, wasted } = stage.counts;
  return {
    series: stage.recorder.series(),
    heardAgainS: stage.heardSinceMs === null ? null : Math.round((stage.heardSinceMs - back) / 1_000),
    wastedShare: work === 0 ? 0 : wasted / work,
    busyShare: null,
    lapses,
    aPeriod: { writes, tries },
  };
}

const SECOND_MS = 1_000;

/** Lets actors be at work in the order in which they are due, and tells the beginning of every second. */
async function playActors(
  time: VirtualTime,
  actors: readonly Actor[],
  ends: number,
  secondBegins: (now: number) => void,
): Promise<void> {
  const agenda = new Map<number, Actor[]>();
  const enter = (actor: Actor) => {
    const second = Math.floor(actor.dueMs / SECOND_MS);
    agenda.set(second, [...(agenda.get(second) ?? []), actor]);
  };
  for (const actor of actors) enter(actor);
  for (let now = time.now() as number; now <= ends; now += SECOND_MS) {
    time.advanceTo(now);
    secondBegins(now);
    const second = now / SECOND_MS;
    for (const actor of (agenda.get(second) ?? []).sort((one, other) => one.dueMs - other.dueMs)) {
      time.advanceTo(actor.dueMs);
      // Nobody is due twice in a second.
      actor.dueMs = Math.max(await actor.run(), now + SECOND_MS);
      enter(actor);
    }
    agenda.delete(second);
  }
}

function isFault({ time, schedule: { fault } }: Stage, ...of: readonly string[]): boolean {
  const minute = (time.now() - ZERO_MS) / MINUTE_MS;
  return of.includes(fault.what) && minute >= fault.fromMinute && minute < fault.toMinute;
}

function holderOf(stage: Stage, member: Member): Actor {
  const { time, draw, recorder, counts } = stage;
  const { zone, name, members } = member.group;
  /** Whatever happened of the kind within a shortest period before, and now. */
  const withNow = (before: readonly number[]) => [
    ...before.filter((ms) => ms > time.now() - EVERY_MS * (1 - SPREAD)),
    time.now(),
  ];
  const leases = gatedLeases(stage.leases, {
    isAway: () => isFault(stage, 'store', 'network'),
    asked: (verb) => {
      recorder.flows.asked += 1;
      if (verb !== 'readTick') return;
      member.triedMs = withNow(member.triedMs);
      counts.tries = Math.max(counts.tries, member.triedMs.length);
    },
    wrote: (_, applied) => {
      recorder.flows.work += 1;
      counts.work += 1;
      recorder.flows.written += 1;
      member.writtenMs = withNow(member.writtenMs);
      counts.writes = Math.max(counts.writes, member.writtenMs.length);
      if (applied) return;
      recorder.flows.wasted += 1;
      counts.wasted += 1;
    },
  });
  const stopwatch = { elapsedMs: () => time.now() };
  const request = { zone, group: name, by: `${zone.az}-${name}`, members };
  return {
    dueMs: time.now() + draw(EVERY_MS),
    run: async () => {
      const { memory, every = EVERY_MS } = await holdPeriod({ leases, stopwatch }, request, member.memory);
      member.memory = memory;
      return time.now() + Math.round(every * (1 - SPREAD)) + draw(Math.round(every * 2 * SPREAD) + 1);
    },
  };
}

function plannersOf(stage: Stage): readonly Actor[] {
  const { time } = stage;
  const zones = [...new Set(stage.members.map(({ group }) => group.zone))];
  const leases = gatedLeases(stage.leases, {
    isAway: () => isFault(stage, 'store'),
    asked: () => undefined,
    wrote: () => undefined,
  });
  return PLANNERS.map(({ at, ahead }) => {
    const deps = { leases, clock: { now: () => instant(time.now() + ahead) } };
    return {
      dueMs: time.now() + at,
      run: async () => {
        for (const zone of zones) {
          const members = stage.members.filter(({ group }) => group.zone === zone);
          await look(stage, deps, zone, members);
        }
        const isAll = stage.members.every(({ heard }) => heard);
        stage.heardSinceMs = isAll ? (stage.heardSinceMs ?? time.now()) : null;
        return time.now() + MINUTE_MS;
      },
    };
  });
}

async function look(
  { time, counts }: Stage,
  deps: Parameters<typeof hearZone>[0],
  zone: HearingZone,
  members: readonly Member[],
): Promise<void> {
  try {
    const names = members.map(({ group }) => group.name);
    const hearing = await hearZone(deps, zone, names);
    const { observations } = judgeZone(
      hearing,
      members.map(({ group: { name, members: bytes }, observed: before }) => ({
        ...{ id: name, group: name, capacity: bytes.length, before },
      })),
    );
    for (const member of members) {
      const found = hearing.groups.get(member.group.name);
      const standing = found?.type === 'row' ? found.standing : undefined;
      const lastMs = member.writtenMs.at(-1) ?? 0;
      // A tick that stands still hears a row however old it is. Here it must also have been written.
      member.heard = standing === 'heard' && time.now() - lastMs < 2 * EVERY_MS;
      if (standing === 'lapsed') counts.lapses += 1;
      member.observed = observations[member.group.name];
    }
  } catch (error) {
    if (!(error instanceof LeasesAway)) throw error;
    for (const member of members) member.heard = false;
  }
}

function levelsOf({ members, time }: Stage): Levels {
  const share = (of: (member: Member) => number) =>
    members.reduce((sum, member) => sum + of(member), 0) /
    members.reduce((sum, { group }) => sum + group.members.length, 0);
  const sizeIf = (isSo: boolean, { group }: Member) => (isSo ? group.members.length : 0);
  return {
    leased: share((member) => sizeIf(mayAct(member.memory, time.now()), member)),
    heard: share((member) => sizeIf(member.heard, member)),
    capacity: share(({ observed }) => (observed?.health === 'healthy' ? observed.capacity : 0)),
    queueAgeS: 0,
  };
}
