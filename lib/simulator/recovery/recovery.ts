import type { Verdict } from '../recording/recording.ts';
import { playPawl } from './pawl-leases.ts';
import type { Played } from './played.ts';
import type { RecoverySchedule } from './recovery-schedule.ts';
import { PEOPLE, PEOPLE_DONE_MINUTE, THAT_DAY } from './recovery-schedule.ts';
import type { RecoveryMeasure, Series } from './recovery-series.ts';
import { MEASURES } from './recovery-series.ts';
import type { RecoveryFacts } from './recovery-verdict.ts';
import { factsOf, pawlVerdict, peopleVerdict, referenceVerdict } from './recovery-verdict.ts';
import { playReference } from './reference-leases.ts';
import { REFERENCE } from './reference-manager.ts';

/** Casts on one schedule, minute by minute: plain JSON. */
export interface Recovery {
  readonly format: 1;
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly about: string;
  readonly holders: number;
  readonly schedule: RecoverySchedule;
  /** What happens, by minute. */
  readonly events: readonly RecoveryEvent[];
  readonly measures: readonly RecoveryMeasure[];
  readonly runs: readonly RecoveredRun[];
}

export interface RecoveryEvent {
  readonly minute: number;
  readonly text: string;
}

export interface RecoveredRun {
  readonly id: 'reference' | 'people' | 'pawl';
  readonly title: string;
  readonly about: string;
  readonly series: Series;
  readonly facts: RecoveryFacts;
  readonly verdict: Verdict;
}

const HOLDERS = 10_000;

/**
 * Plays the second half of 20 October 2025: holders of leases whose database is away. The reference is played twice, once
 * alone and once with what people did that day. It is the same every time, to the letter.
 *
 * @param holders 60 or more; 10,000 unless given.
 */
export async function replayRecovery(holders: number = HOLDERS): Promise<Recovery> {
  const minutes = THAT_DAY.fault.toMinute - THAT_DAY.fault.fromMinute;
  return {
    format: 1,
    title: '20 October 2025, the second half',
    about: `${counted(holders)} holders of leases whose database is away for ${minutes} minutes. The same day, with the manager of leases that collapsed then, rebuilt from its owner’s account, and with Pawl’s production code.`,
    holders,
    schedule: THAT_DAY,
    events: [
      { minute: THAT_DAY.fault.fromMinute, text: 'The database is away.' },
      { minute: THAT_DAY.fault.toMinute, text: 'The database is back.' },
      { minute: PEOPLE.atMinute, text: 'That day people throttled and restarted.' },
    ],
    measures: MEASURES,
    runs: [...referenceRuns(holders), pawlRun(holders, await playPawl(THAT_DAY, holders))],
  };
}

function referenceRuns(holders: number): readonly RecoveredRun[] {
  const { establishing, timeoutS, retryS, utilization } = REFERENCE;
  const alone = playReference(THAT_DAY, holders);
  const helped = playReference(THAT_DAY, holders, PEOPLE);
  return [
    {
      id: 'reference',
      title: 'The manager of 2025',
      about: `One queue, first in, first out. A lease that ran out costs ${establishing} renewals; a holder waits ${timeoutS} s, and asks again after ${retryS} s. ${utilization * 100} % busy at rest.`,
      series: alone.series,
      ...judged(alone, (facts) => referenceVerdict(facts, THAT_DAY)),
    },
    {
      id: 'people',
      title: 'The same, with people',
      about: `In minute ${PEOPLE.atMinute} they clear the queue, and turn away what cannot be done in time, as they did that day.`,
      series: helped.series,
      ...judged(helped, (facts) => peopleVerdict(facts, THAT_DAY, PEOPLE_DONE_MINUTE)),
    },
  ];
}

function pawlRun(holders: number, played: Played): RecoveredRun {
  return {
    id: 'pawl',
    title: 'Pawl',
    about:
      'No manager and no queue: a holder writes the row of its group once a period, and coming back costs what staying costs. Nobody ages while too few are heard.',
    series: played.series,
    ...judged(played, (facts) => pawlVerdict(facts, holders)),
  };
}

function judged(played: Played, verdictOf: (facts: RecoveryFacts) => Verdict) {
  const facts = factsOf(played, THAT_DAY);
  return { facts, verdict: verdictOf(facts) };
}

function counted(holders: number): string {
  return holders.toLocaleString('en-US');
}
