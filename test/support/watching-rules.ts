import type { Watch } from '../../lib/infrastructure/watches.ts';
import { ROLES } from '../../lib/roles.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { ALL_METRICS, METRICS, publicationOf } from '../../lib/telemetry/metric-names.ts';
import { powertoolsTelemetry } from '../../lib/telemetry/powertools-telemetry.ts';
import type { Sample } from './cloudwatch-alarms.ts';
import { FURTHER_PERIODS, statesOver } from './cloudwatch-alarms.ts';
import { ALL_WATCHES, alarmOf, metricsOfWatch, WATCHES_OF_TRAIL } from './watched-alarms.ts';

// What must hold for a metric that has no value at 0 to lose no alarm: in the tables, in what a function publishes, and in
// what CloudWatch's rules make of it. The seeded bugs of test/mutants/watching-mutants.test.ts break one of them each.

const MINUTE_MS = 60_000;
const MINUTE_S = 60;
const HOUR = 60;
/** An hour of quiet, an hour of trouble, and three of quiet, minutes. */
const [FROM, UNTIL, END] = [HOUR, 2 * HOUR, 5 * HOUR];

type Counts = readonly (readonly [metric: string, value: number])[];
type Published = readonly (readonly [metric: string, value: number])[];

interface Container {
  /** One run, so many minutes after the beginning: what it publishes, and what its log line has. */
  run(
    minute: number,
    counts: Counts,
    cell?: string,
  ): { readonly published: Published; readonly logged: Counts };
}

/** What is left of a function when Powertools is taken away. */
function container(): Container {
  let published: (readonly [string, number])[] = [];
  let at = 0;
  const nothing = () => undefined;
  const metrics = {
    addMetric: (name: string, _unit: unknown, value: number) => published.push([name, value]),
    clearDefaultDimensions: nothing,
    setDefaultDimensions: nothing,
    hasStoredMetrics: () => true,
    publishStoredMetrics: nothing,
  };
  const telemetry = powertoolsTelemetry(
    metrics as unknown as Parameters<typeof powertoolsTelemetry>[0],
    { info: nothing, debug: nothing } as unknown as Parameters<typeof powertoolsTelemetry>[1],
    { now: () => instant(at * MINUTE_MS) },
  );
  return {
    run: (minute, counts, cell = 'use1-a') => {
      at = minute;
      published = [];
      telemetry.begin({ cell });
      for (const [metric, value] of counts) telemetry.count(metric, value);
      const logged = Object.entries(telemetry.levels());
      // It exports nothing, so it has ended at once.
      void telemetry.end(true);
      return { published, logged };
    },
  };
}

const EVERY_WATCH = [...ALL_WATCHES, ...WATCHES_OF_TRAIL];

/** Whether an alarm would be wrong without the zeros of its metrics. */
function needsZeros({ dead, statistic, lacksOf }: Watch): boolean {
  return dead === true || statistic === 'Minimum' || lacksOf !== undefined;
}

/** The tables: what must be published always is, what alarms read is published, and nothing costs more than it must. */
function tables(): readonly string[] {
  const needed = new Set(EVERY_WATCH.filter(needsZeros).flatMap(metricsOfWatch));
  const read = new Set(EVERY_WATCH.flatMap(metricsOfWatch));
  const heartbeats = new Set<string>(ROLES.map(({ heartbeat }) => heartbeat.metric));
  return ALL_METRICS.flatMap((metric) => {
    const publication = publicationOf(metric);
    if (heartbeats.has(metric) && publication !== 'always')
      return [`the heartbeat ${metric} is not always published`];
    if (needed.has(metric) && publication !== 'always') return [`an alarm needs the zeros of ${metric}`];
    if (read.has(metric) && publication === 'logged')
      return [`an alarm reads ${metric}, which is logged alone`];
    const isWanted = needed.has(metric) || heartbeats.has(metric) || metric === METRICS.route53Requests;
    return publication === 'always' && !isWanted ? [`nobody needs the zeros of ${metric}`] : [];
  });
}

/** A function: what is above 0 is published, a 0 for an hour after it, in its own cell, and what is logged never. */
function values(): readonly string[] {
  const broken: string[] = [];
  const names = (counted: Counts) => new Set(counted.map(([metric]) => metric));
  const all = (value: number) => ALL_METRICS.map((metric) => [metric, value] as const);
  const one = container();
  const always = ALL_METRICS.filter((metric) => publicationOf(metric) === 'always');
  for (const value of [0.4, 1, 7]) {
    const { published, logged } = one.run(0, all(value));
    for (const metric of ALL_METRICS) {
      const isLogged = publicationOf(metric) === 'logged';
      if (names(published).has(metric) === isLogged)
        broken.push(`${value} of ${metric} is ${isLogged ? '' : 'not '}published`);
      if (names(logged).has(metric) !== isLogged) broken.push(`${metric} is ${isLogged ? 'not ' : ''}logged`);
    }
  }
  const differs = (what: string, is: Published, should: readonly string[]) => {
    if (JSON.stringify([...names(is)].sort()) !== JSON.stringify(should.toSorted())) broken.push(what);
  };
  const published = ALL_METRICS.filter((metric) => publicationOf(metric) !== 'logged');
  differs('a 0 of another cell is published', one.run(1, all(0), 'euw1-a').published, always);
  differs('no 0 follows within the hour', one.run(59, all(0)).published, published);
  differs('zeros go on after the hour', one.run(61, all(0)).published, always);
  differs('a 0 is published at rest', one.run(END, all(0)).published, always);
  return broken;
}

/** What every run of a minute counts for a watch; `good` where nothing is the matter. */
function levels({ metric, lacksOf, dead, threshold }: Watch, isGood: boolean): Counts {
  if (dead === true) return isGood ? [[metric, 1]] : [];
  if (lacksOf !== undefined)
    return [
      [metric, isGood ? 4 : 0],
      [lacksOf, 4],
    ];
  return [[metric, isGood ? 0 : threshold]];
}

/** Samples of runs that come every minute, several in each, all in one container or each in one of its own. */
function played(
  runs: (minute: number) => readonly Counts[],
  containers: () => Container,
): readonly (Sample & { readonly metric: string })[] {
  return Array.from({ length: END }, (_, minute) =>
    runs(minute).flatMap((counts) =>
      containers()
        .run(minute, counts)
        .published.map(([metric, value]) => ({ at: minute * MINUTE_S, metric, value })),
    ),
  ).flat();
}

/** Alarms: each begins to ring, ends, and is silent before and after, whether its zeros follow or are lost with a container. */
function ringing(watch: Watch): readonly string[] {
  const alarm = alarmOf(watch);
  const isTrouble = (minute: number) => minute >= FROM && minute < UNTIL;
  const trouble = (minute: number) => [levels(watch, !isTrouble(minute))];
  // The best of a minute's runs has nothing to complain of.
  const mixed = (minute: number) => [levels(watch, !isTrouble(minute)), levels(watch, true)];
  const kept = container();
  const ways = [
    ['in one container', () => kept],
    ['in new containers', container],
  ] as const;
  return ways.flatMap(([how, containers]) => {
    const broken: string[] = [];
    const say = (what: string) => broken.push(`${watch.id} ${what}, ${how}`);
    const states = statesOver(alarm, played(trouble, containers), END * MINUTE_S);
    const late = (alarm.EvaluationPeriods + FURTHER_PERIODS + 1) * alarm.Period;
    const rings = states.filter(({ state }) => state === 'ALARM').map(({ at }) => at);
    const first = rings[0] ?? Number.POSITIVE_INFINITY;
    if (first <= FROM * MINUTE_S) say('rings before the trouble');
    if (first > FROM * MINUTE_S + late) say('does not ring');
    if ((rings.at(-1) ?? 0) > UNTIL * MINUTE_S + late) say('does not end');
    if (watch.statistic !== 'Minimum') return broken;
    const best = statesOver(alarm, played(mixed, containers), END * MINUTE_S);
    if (best.some(({ state }) => state === 'ALARM')) say('rings although some runs are good');
    return broken;
  });
}

/** In one container an alarm comes and goes as if every 0 were published: "again" is not "still". */
function exact(watch: Watch): readonly string[] {
  if (needsZeros(watch)) return [];
  const alarm = alarmOf(watch);
  // Trouble in every second period, then in two of three.
  const isTrouble = (minute: number) => {
    const period = Math.floor(minute / watch.minutes);
    return minute >= FROM && minute < UNTIL + HOUR && (minute < UNTIL ? period % 2 === 0 : period % 3 !== 0);
  };
  const runs = (minute: number) => [levels(watch, !isTrouble(minute))];
  const every = Array.from({ length: END }, (_, minute) =>
    runs(minute)
      .flat()
      .map(([metric, value]) => ({ at: minute * MINUTE_S, metric, value })),
  ).flat();
  const one = container();
  const [full, sparse] = [every, played(runs, () => one)].map((samples) =>
    JSON.stringify(statesOver(alarm, samples, END * MINUTE_S)),
  );
  return full === sparse ? [] : [`${watch.id} does not ring as with every 0`];
}

/** What is broken, a sentence each. */
export function brokenWatchingRules(): readonly string[] {
  return [...tables(), ...values(), ...EVERY_WATCH.flatMap((watch) => [...ringing(watch), ...exact(watch)])];
}
