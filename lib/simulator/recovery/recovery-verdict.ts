import type { Verdict } from '../recording/recording.ts';
import type { Played } from './played.ts';
import type { RecoverySchedule } from './recovery-schedule.ts';
import { percent } from './recovery-series.ts';

/** What a run came to. Rates are means over a minute. */
export interface RecoveryFacts extends Omit<Played, 'series' | 'wastedShare' | 'busyShare'> {
  readonly wastedPercent: number;
  readonly busyPercent: number | null;
  /** The most requests of holders since the fault began, as a multiple of those before. */
  readonly askedTimes: number;
  /** Writes a second before the fault, the first minute after it, and at most since it began. */
  readonly written: { readonly atRest: number; readonly firstMinute: number; readonly most: number };
  /** The least capacity in DNS, percent. */
  readonly capacityLeast: number;
  /** How many were heard at the end, percent. */
  readonly heardAtEnd: number;
}

/** So many periods after a fault all are heard again. */
const PERIODS_MAX = 2;
const PERIOD_S = 60;
const MINUTE_S = 60;
const MINUTES_OF_HOUR = 60;

export function factsOf(played: Played, { beginsMinute, fault }: RecoverySchedule): RecoveryFacts {
  const { series, heardAgainS, wastedShare, busyShare, lapses, aPeriod } = played;
  const begins = fault.fromMinute - beginsMinute;
  const back = Math.floor(fault.toMinute) - beginsMinute;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...{ heardAgainS, lapses, aPeriod },
    wastedPercent: percent(wastedShare),
    busyPercent: busyShare === null ? null : Math.round(busyShare * 100),
    askedTimes: hundredths(Math.max(...series.asked.slice(begins)) / mean(series.asked.slice(0, begins))),
    written: {
      atRest: hundredths(mean(series.written.slice(0, begins))),
      firstMinute: series.written[back] ?? 0,
      most: Math.max(...series.written.slice(begins)),
    },
    capacityLeast: Math.min(...series.capacity),
    heardAtEnd: series.heard.at(-1) ?? 0,
  };
}

export function referenceVerdict(facts: RecoveryFacts, { endsMinute, fault }: RecoverySchedule): Verdict {
  const { heardAgainS, heardAtEnd, wastedPercent, busyPercent, askedTimes, capacityLeast } = facts;
  const hours = Math.floor((endsMinute - fault.toMinute) / MINUTES_OF_HOUR);
  const outcome =
    heardAgainS === null
      ? `It does not come back alone in the ${hours} hours that follow: at the end ${heardAtEnd} % are heard.`
      : `All are heard again ${heardAgainS} s after the database was back.`;
  return {
    good: isInTime(facts),
    text: `${outcome} Since the database was back it was ${busyPercent} % busy, ${wastedPercent} % of that for callers that had gone. It was asked up to ${askedTimes} times as often as at rest. Capacity in DNS fell to ${capacityLeast} %.`,
  };
}

/** @param doneMinute when that day's people had all leases again. */
export function peopleVerdict(
  facts: RecoveryFacts,
  { fault }: RecoverySchedule,
  doneMinute: number,
): Verdict {
  const { heardAgainS } = facts;
  if (heardAgainS === null) return { good: false, text: 'It does not come back with people either.' };
  const minutes = Math.ceil(heardAgainS / MINUTE_S);
  return {
    good: isInTime(facts),
    text: `It comes back with people: all are heard again ${minutes} minutes after the database was back, in minute ${fault.toMinute + minutes}. That day it was minute ${doneMinute}.`,
  };
}

export function pawlVerdict(facts: RecoveryFacts, holders: number): Verdict {
  const broken = brokenClaims(facts);
  if (broken.length > 0) return { good: false, text: broken.join(' ') };
  const { heardAgainS, written, capacityLeast } = facts;
  const periods = Math.round(((heardAgainS ?? 0) / PERIOD_S) * 10) / 10;
  return {
    good: true,
    text: `All ${holders.toLocaleString('en-US')} are heard again ${heardAgainS} s after the database was back: ${periods} periods, of at most ${PERIODS_MAX}. A row meets at most one try and one write a period: ${written.firstMinute} writes a second in the first minute back, ${written.most} in the busiest, ${written.atRest} at rest. No lease lapsed. Capacity in DNS was never below ${capacityLeast} %.`,
  };
}

/** What Pawl promises and did not keep, a sentence each. */
export function brokenClaims(facts: RecoveryFacts): readonly string[] {
  const { heardAgainS, lapses, aPeriod, wastedPercent, capacityLeast } = facts;
  const claims: readonly (readonly [kept: boolean, broken: string])[] = [
    [isInTime(facts), `All are heard again ${heardAgainS === null ? 'never' : `after ${heardAgainS} s`}.`],
    [aPeriod?.tries === 1, `A row met ${aPeriod?.tries} tries in a period.`],
    [aPeriod?.writes === 1, `A row met ${aPeriod?.writes} writes in a period.`],
    [lapses === 0, `Holders that were alive were taken for lapsed ${lapses} times.`],
    [wastedPercent === 0, `${wastedPercent} % of the writes changed nothing.`],
    [capacityLeast === 100, `Capacity in DNS fell to ${capacityLeast} %.`],
  ];
  return claims.flatMap(([kept, broken]) => (kept ? [] : [broken]));
}

function isInTime({ heardAgainS }: RecoveryFacts): boolean {
  return heardAgainS !== null && heardAgainS <= PERIODS_MAX * PERIOD_S;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
