import { nextLook } from '../../lib/enactor/hand-over.ts';
import { ROLES, workerNames } from '../../lib/roles.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { ALL_METRICS, METRICS, publicationOf } from '../../lib/telemetry/metric-names.ts';

// The arithmetic of "What it costs" in docs/operations.md. A row is made of its factors, so that its text and its sum
// cannot differ.

const MILLION = 1_000_000;
const DAYS_A_MONTH = 30;
export const MINUTES_A_MONTH = DAYS_A_MONTH * 24 * 60;
const DAYS_A_YEAR = 365;

/** List prices of us-east-1 in US dollars, without free tiers, from the services' pricing pages, November 2026. */
export const PRICES = {
  lambdaRequests: perMillion('0.20'),
  /** A GB and second of arm64. */
  lambdaTime: priced('0.0000133334'),
  schedules: perMillion('1.00'),
  /** Events that a program of yours puts on a bus, 64 KB each. */
  busEvents: perMillion('1.00'),
  readUnits: perMillion('0.125'),
  writeUnits: perMillion('0.625'),
  storage: priced('0.25'),
  recovery: priced('0.20'),
  queueRequests: perMillion('0.40'),
  traces: perMillion('5.00'),
  metrics: priced('0.30'),
  alarms: priced('0.10'),
  compositeAlarms: priced('0.50'),
  gets: perMillion('0.40'),
  lists: perMillion('5.00'),
  dashboard: 3,
  hostedZone: 0.5,
  /** A KB of lines: a GB costs 0.50. */
  logs: perMillion('0.50'),
} as const;

const ENACTORS = 3;
const MEMORY_GB = factor(0.5, '0.5 GB');
/** What a run takes that finds nothing to do, seconds. */
const IDLE_S = 0.3;
/** What a run reads: a head of up to 16 KB and the body of a fleet, each 4 KB read consistently. */
const UNITS_A_RUN = 8;
/** A run's line, and its metrics. */
const LOG_KB = factor(2, '2 KB');
/** Lambda asks a queue by five long polls at once, which SQS ends after 20 s (Lambda and SQS Developer Guides). */
const POLLS_A_MINUTE = 5 * 3;

const isOfLeases = (metric: string): boolean => metric.startsWith('Lease');
/** A metric is billed by the hours in which it has a value: at rest these are those that always have one. */
const isOfTrail = (metric: string): boolean => metric.startsWith('Trail');
const ALWAYS = ALL_METRICS.filter((metric) => publicationOf(metric) === 'always');
const METRICS_AT_REST = ALWAYS.filter((metric) => !isOfTrail(metric));
const LEASE_METRICS = METRICS_AT_REST.filter(isOfLeases);
/** What is above 0 while changes go through; of the cell, and of the ledger. */
export const METRICS_OF_CHANGES: Readonly<Record<'cell' | 'ledger', readonly string[]>> = {
  cell: [METRICS.plansProposed, METRICS.batchesSent, METRICS.lagGenerations, METRICS.lagSeconds],
  ledger: [METRICS.hintsSent],
};
/** An alarm is billed by the metrics that it looks at: one on metric math looks at two. */
const ALARMS = { cell: 25, stack: 4 };
const ALARM_METRICS = { cell: 26, stack: 4 };
const COMPOSITES = { cell: 3, stack: 3 };

/** One factor of a product, as it is calculated and as it is written. */
export interface Factor {
  readonly value: number;
  readonly text: string;
}

/** One row: what a month costs with one cell and with twelve, and the arithmetic for one. */
export interface CostRow {
  readonly what: string;
  readonly one: number;
  readonly twelve: number;
  readonly arithmetic: string;
}

/** At rest, in a month. */
export function costsAtRest(): readonly CostRow[] {
  const runs = (cells: number) => factor(cells * sweepsAMonth());
  const polls = ENACTORS * POLLS_A_MINUTE * MINUTES_A_MONTH;
  return [
    each('Lambda requests', (cells) => times(runs(cells), PRICES.lambdaRequests)),
    each(`Lambda time, arm64, 512 MB, ${IDLE_S} s a run`, (cells) =>
      times(runs(cells), factor(IDLE_S, `${IDLE_S} s`), MEMORY_GB, PRICES.lambdaTime),
    ),
    each('EventBridge Scheduler', (cells) => times(runs(cells), PRICES.schedules)),
    each(
      'DynamoDB reads, strongly consistent, a head of up to 16 KB and a fleet body: 8 units a run',
      (cells) => times(runs(cells), factor(UNITS_A_RUN), PRICES.readUnits),
    ),
    each(`SQS: ${ENACTORS} functions poll the idle queue of successors, by five polls of 20 s`, () =>
      times(factor(polls), PRICES.queueRequests),
    ),
    fixed('Route 53 API', 0, 'requests are not billed'),
    fixed('hosted zone', PRICES.hostedZone, 'one'),
    each(
      `metrics that have a value at rest: ${METRICS_AT_REST.length} of the cell, ${LEASE_METRICS.length} of these of leases`,
      (cells) => times(factor(METRICS_AT_REST.length * cells), PRICES.metrics),
    ),
    each(
      `alarms: ${ALARMS.cell} of the cell on ${ALARM_METRICS.cell} metrics, ${ALARMS.stack} of the stack, ${COMPOSITES.cell + COMPOSITES.stack} composite`,
      (cells) =>
        plus(
          times(factor(ALARM_METRICS.cell * cells + ALARM_METRICS.stack), PRICES.alarms),
          times(factor(COMPOSITES.cell * cells + COMPOSITES.stack), PRICES.compositeAlarms),
        ),
    ),
    fixed('dashboard', PRICES.dashboard, 'one a stack; the first three of an account are free'),
    each('logs, about 1 KB a run, twice with its metrics', (cells) =>
      times(runs(cells), LOG_KB, PRICES.logs),
    ),
  ];
}

const CHANGES_A_DAY = 1_000;
const CHANGES = factor(CHANGES_A_DAY * DAYS_A_MONTH);
/** Route 53 moves a change to INSYNC "generally within 60 seconds" (GetChange, API reference). */
const PROPAGATION_MS = 60_000;
/** The default of `insyncPollMs`. */
const POLL_MS = 2_000;
/** PlanAppended, PlanStaged, PlanApplied and the declaration or observation that asked for it. */
const EVENTS = 4;
/** PlanStaged is told to nobody (lib/events/told-kinds.ts). */
const TOLD = 3;
const EVENT_KB = 12;
const BODY_KB = 20;
const KB_A_CHANGE = EVENTS * EVENT_KB + BODY_KB;
/** A message is sent, received and deleted. */
const REQUESTS_A_MESSAGE = 3;
/** What a run takes that plans, stages or flips, seconds; and one of the herald. */
const BUSY_S = 1;
const HERALD_S = 0.05;

/** What 1,000 changes a day cost beside that, in a month; whatever the number of cells is. */
export function costsOfChanges(): { readonly month: readonly CostRow[]; readonly year: readonly CostRow[] } {
  const { looks, ...runs } = runsAChange();
  const invocations = factor(runs.all);
  const reading = runs.planner + runs.enactor;
  // One enactor stages and one flips; the others see that nothing is to be done yet.
  const busy = runs.planner + 2;
  const seconds = busy * BUSY_S + (reading - busy) * IDLE_S + runs.herald * HERALD_S;
  const stored = CHANGES_A_DAY * DAYS_A_YEAR * KB_A_CHANGE;
  const storedGb = factor(stored / MILLION, `${(stored / MILLION).toFixed(1)} GB`);
  return {
    month: [
      each(
        `DynamoDB writes: ${EVENTS} events of ${EVENT_KB} KB and a body of ${BODY_KB} KB, each change`,
        () => times(CHANGES, factor(KB_A_CHANGE, `${KB_A_CHANGE} units`), PRICES.writeUnits),
      ),
      each(`DynamoDB reads: ${reading} runs of ${UNITS_A_RUN} units`, () =>
        times(CHANGES, factor(reading * UNITS_A_RUN), PRICES.readUnits),
      ),
      each(
        `Lambda time: planner, staging and flip ${BUSY_S} s each, ${reading - busy} looks of ${IDLE_S} s, herald ${runs.herald} × ${HERALD_S} s; nobody waits for INSYNC`,
        () => times(CHANGES, factor(seconds, `${seconds.toFixed(1)} s`), MEMORY_GB, PRICES.lambdaTime),
      ),
      each(
        `Lambda requests: 1 of the planner, ${ENACTORS} of enactors that hear of the plan, ${looks} of successors, ${EVENTS} of the herald`,
        () => times(CHANGES, invocations, PRICES.lambdaRequests),
      ),
      each(
        `SQS: ${looks} messages of ${REQUESTS_A_MESSAGE} requests, until ${PROPAGATION_MS / 1_000} s have passed`,
        () => times(CHANGES, factor(looks * REQUESTS_A_MESSAGE), PRICES.queueRequests),
      ),
      each('EventBridge: 3 of the 4 events are told on the bus', () =>
        times(CHANGES, factor(TOLD), PRICES.busEvents),
      ),
      each('logs', () => times(CHANGES, invocations, LOG_KB, PRICES.logs)),
      each(
        `metrics that changes bring above 0, in every hour: ${METRICS_OF_CHANGES.cell.length} of a cell and ${METRICS_OF_CHANGES.ledger.length} of the ledger`,
        () =>
          times(factor(METRICS_OF_CHANGES.cell.length + METRICS_OF_CHANGES.ledger.length), PRICES.metrics),
      ),
      fixed('reads of the stream', 0, 'those of Lambda are not billed'),
    ],
    year: [
      each(`DynamoDB storage after one year, ${KB_A_CHANGE} KB a change`, () =>
        times(storedGb, PRICES.storage),
      ),
      each('point-in-time recovery of the same', () => times(storedGb, PRICES.recovery)),
    ],
  };
}

/** What a cell without leases pays less for metrics in a month. */
export function costOfLeaseMetrics(): number {
  return times(factor(LEASE_METRICS.length), PRICES.metrics).value;
}

/** What traces cost with `tracing`, as long as every run is sampled: one cell at rest, and 1,000 changes a day. */
export function costsOfTracing(): { readonly atRest: number; readonly changes: number } {
  return {
    atRest: times(factor(sweepsAMonth()), PRICES.traces).value,
    changes: times(CHANGES, factor(runsAChange().all), PRICES.traces).value,
  };
}

/** Passes over a trail of one account, four an hour: each reads the files of three hours and a quarter, one in five minutes. */
const PASSES = MINUTES_A_MONTH / 15;
const FILES_A_PASS = (3 * 60 + 15) / 5;
const PASS_S = 5;
/** A hundred events of 12 KB, a head of up to 16 KB and what is remembered, each 4 KB read consistently. */
const UNITS_A_PASS = (100 * 12) / 4 + 5;

/** What a stack costs more in a month that reads the account's trail, whatever the number of cells is. */
export function costOfTrail(): number {
  const passes = factor(PASSES);
  const parts = [
    times(passes, PRICES.lambdaRequests),
    times(passes, factor(PASS_S), MEMORY_GB, PRICES.lambdaTime),
    times(passes, PRICES.schedules),
    times(passes, factor(FILES_A_PASS), PRICES.gets),
    times(passes, factor(2), PRICES.lists),
    times(passes, factor(UNITS_A_PASS), PRICES.readUnits),
    times(passes, factor(4), PRICES.writeUnits),
    times(passes, LOG_KB, PRICES.logs),
    // The heartbeat, and the lag, which is never 0.
    times(factor(2), PRICES.metrics),
    times(factor(4), PRICES.alarms),
  ];
  return parts.reduce((sum, { value }) => sum + value, 0);
}

/** The runs that one change asks for. */
function runsAChange() {
  const looks = looksAChange();
  const runs = { planner: 1, enactor: ENACTORS + looks, herald: EVENTS };
  return { ...runs, looks, all: runs.planner + runs.enactor + runs.herald };
}

/** The sum of a column. */
export function sumOf(rows: readonly CostRow[], column: 'one' | 'twelve'): number {
  return rows.reduce((sum, row) => sum + row[column], 0);
}

/** Dollars as the tables have them. */
export function dollars(value: number): string {
  return value.toFixed(2);
}

/** The sweeps of one cell in a month, by every function. */
function sweepsAMonth(): number {
  return ROLES.reduce((sum, role) => {
    const sweeps = MINUTES_A_MONTH / role.cadence.deployedMinutes;
    return sum + workerNames(role, ENACTORS).length * sweeps;
  }, 0);
}

/** The successors of one change, up to the one that finds it INSYNC. */
function looksAChange(): number {
  let looks = 0;
  for (let age = 0; age < PROPAGATION_MS; looks += 1) age = nextLook(instant(age), age, POLL_MS);
  return looks;
}

function each(what: string, cost: (cells: number) => Factor): CostRow {
  return { what, one: cost(1).value, twelve: cost(12).value, arithmetic: cost(1).text };
}

function fixed(what: string, value: number, arithmetic: string): CostRow {
  return { what, one: value, twelve: value, arithmetic };
}

export function factor(value: number, text = value.toLocaleString('en-US')): Factor {
  return { value, text };
}

function priced(price: string): Factor {
  return factor(Number(price), price);
}

function perMillion(price: string): Factor {
  return factor(Number(price) / MILLION, `${price} / 1,000,000`);
}

export function times(...factors: readonly Factor[]): Factor {
  const value = factors.reduce((product, each) => product * each.value, 1);
  return { value, text: factors.map(({ text }) => text).join(' × ') };
}

function plus(a: Factor, b: Factor): Factor {
  return { value: a.value + b.value, text: `${a.text} + ${b.text}` };
}
