import type { Played } from './played.ts';
import type { PeoplesHelp, RecoverySchedule } from './recovery-schedule.ts';
import { seriesRecorder } from './recovery-series.ts';
import type { ManagerSettings, ReferenceManager } from './reference-manager.ts';
import { REFERENCE, referenceManager } from './reference-manager.ts';

/** Holders that do the same at the same time are played as one, so that a day of 100,000 is as quick as one of 1,000. */
const PLAYED_MAX = 1_000;
const MINUTE_S = 60;
/** Seconds that pass before the schedule begins, so that it begins at rest. */
const SETTLING_S = 300;

/** Everything that goes on. Seconds count from the fault's beginning; what is in an array is by holder. */
interface Stage {
  readonly settings: ManagerSettings;
  readonly schedule: RecoverySchedule;
  readonly manager: ReferenceManager;
  readonly leasedUntil: Float64Array;
  readonly heardAt: Float64Array;
  /** When it asked what it waits for; NaN while it waits for nothing. */
  readonly askedAt: Float64Array;
  /** Who asks at a second, and whose time to wait ends at it. */
  readonly asking: Map<number, number[]>;
  readonly waiting: Map<number, number[]>;
  readonly leasedBefore: Uint8Array;
  expired: number;
}

/**
 * Plays the reference: every holder asks one manager for its lease ({@link REFERENCE}). While the store is away the manager
 * turns everybody away at once, which is kind: its queue is empty when the store is back. A host is in DNS while its lease
 * has not run out.
 *
 * @param people what people do meanwhile; nothing unless given.
 */
export function playReference(
  schedule: RecoverySchedule,
  holders: number,
  people?: PeoplesHelp,
  settings: ManagerSettings = REFERENCE,
): Played {
  const played = Math.min(holders, PLAYED_MAX);
  const stage = makeStage(schedule, played, settings);
  const recorder = seriesRecorder(holders / played);
  const begins = schedule.beginsMinute * MINUTE_S;
  let allHeardSince: number | null = null;
  const since = { could: 0, work: 0, wasted: 0 };
  for (let now = begins - SETTLING_S; now < schedule.endsMinute * MINUTE_S; now += 1) {
    if (people !== undefined && now === people.atMinute * MINUTE_S) stage.manager.intervene(people);
    const { asked, done, wasted, written } = second(stage, now);
    if (now < begins) continue;
    recorder.flows.asked += asked;
    recorder.flows.work += done;
    recorder.flows.wasted += wasted;
    recorder.flows.written += written;
    const levels = levelsAt(stage, now);
    if (now >= schedule.fault.toMinute * MINUTE_S) {
      since.could += stage.manager.capacity;
      since.work += done;
      since.wasted += wasted;
      if (levels.heard < 1) allHeardSince = null;
      else allHeardSince ??= now + 1 - schedule.fault.toMinute * MINUTE_S;
    }
    if ((now + 1) % MINUTE_S === 0) recorder.endMinute(levels);
  }
  return {
    series: recorder.series(),
    heardAgainS: allHeardSince,
    wastedShare: since.work === 0 ? 0 : since.wasted / since.work,
    busyShare: Math.min(1, since.work / since.could),
    lapses: Math.round((stage.expired * holders) / played),
    aPeriod: null,
  };
}

function makeStage(schedule: RecoverySchedule, played: number, settings: ManagerSettings): Stage {
  const from = schedule.beginsMinute * MINUTE_S - SETTLING_S;
  const asking = new Map<number, number[]>();
  for (let holder = 0; holder < played; holder += 1)
    add(asking, from + Math.floor((holder * settings.periodS) / played), holder);
  return {
    ...{ schedule, settings },
    manager: referenceManager(played, settings),
    leasedUntil: new Float64Array(played).fill(from + settings.ttlS),
    heardAt: new Float64Array(played).fill(from),
    askedAt: new Float64Array(played).fill(Number.NaN),
    asking,
    waiting: new Map(),
    leasedBefore: new Uint8Array(played).fill(1),
    expired: 0,
  };
}

/** One second: who waited too long gives up, who has to ask asks, and the manager works. */
function second(stage: Stage, now: number) {
  const { manager, asking, waiting, askedAt, leasedUntil, heardAt, schedule, settings } = stage;
  const { what, fromMinute, toMinute } = schedule.fault;
  const isFault = now >= fromMinute * MINUTE_S && now < toMinute * MINUTE_S;
  for (const holder of taken(waiting, now)) {
    if (askedAt[holder] !== now - settings.timeoutS) continue;
    askedAt[holder] = Number.NaN;
    add(asking, now + settings.retryS, holder);
  }
  const asked = taken(asking, now);
  const arrived = isFault && what === 'network' ? [] : asked;
  const refused = isFault && what === 'store' ? arrived.length : manager.take(now, arrived);
  const waits = refused === 0 ? asked : asked.slice(0, asked.length - refused);
  for (const holder of waits) {
    askedAt[holder] = now;
    add(waiting, now + settings.timeoutS, holder);
  }
  for (const holder of asked.slice(waits.length)) add(asking, now + settings.retryS, holder);
  if (isFault && what === 'store') return { asked: arrived.length, done: 0, wasted: 0, written: 0 };
  const { done, wasted, answered } = manager.work(now, {
    isLeased: (holder, at) => (leasedUntil[holder] ?? 0) > at,
    waits: (holder, at) => askedAt[holder] === at,
  });
  for (const { holder, asked: at } of answered) {
    leasedUntil[holder] = now + settings.ttlS;
    heardAt[holder] = now;
    askedAt[holder] = Number.NaN;
    add(asking, Math.max(at + settings.periodS, now + 1), holder);
  }
  return { asked: arrived.length, done, wasted, written: answered.length };
}

function levelsAt(stage: Stage, now: number) {
  const { leasedUntil, heardAt, leasedBefore, manager, settings } = stage;
  const count = leasedUntil.length;
  let leased = 0;
  let heard = 0;
  for (let holder = 0; holder < count; holder += 1) {
    const isLeased = (leasedUntil[holder] ?? 0) > now ? 1 : 0;
    if (leasedBefore[holder] === 1 && isLeased === 0) stage.expired += 1;
    leasedBefore[holder] = isLeased;
    leased += isLeased;
    if (now - (heardAt[holder] ?? 0) < 2 * settings.periodS) heard += 1;
  }
  const share = leased / count;
  return { leased: share, heard: heard / count, capacity: share, queueAgeS: manager.queueAge(now) };
}

function add(at: Map<number, number[]>, second: number, holder: number): void {
  const there = at.get(second);
  if (there === undefined) at.set(second, [holder]);
  else there.push(holder);
}

function taken(at: Map<number, number[]>, second: number): readonly number[] {
  const there = at.get(second) ?? [];
  at.delete(second);
  return there;
}
