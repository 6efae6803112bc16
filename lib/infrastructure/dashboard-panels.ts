import { ROLES } from '../roles.ts';
import { METRICS } from '../telemetry/metric-names.ts';

/** One panel of a dashboard of operations: some metrics, each with a line or a number for each cell. */
export interface Panel {
  readonly title: string;
  readonly metrics: readonly string[];
  /** What is drawn of a minute: of counts the sum, of levels the highest. */
  readonly statistic: 'Sum' | 'Maximum';
  /** now: the newest number. graph: a line. */
  readonly shows: 'now' | 'graph';
  /** Of 24. */
  readonly width: number;
}

export const FULL_WIDTH = 24;
const HALF = 12;
const THIRD = 8;
const SIXTH = 4;

/** The rows below the alarms, from the top: is every cell at its goal; then why not. */
export const PANEL_ROWS: readonly (readonly Panel[])[] = rows();

/** Each cell as it is now, and then over time. */
function rows(): readonly (readonly Panel[])[] {
  const m = METRICS;
  const heartbeats = ROLES.map(({ heartbeat }) => heartbeat.metric);
  const deafness = [m.leaseZonesDeaf, m.leaseTriesFailed];
  const waits = [m.keptBackSeconds, m.heldSeconds, m.frozenSeconds];
  const failures = [m.runsFailed, m.plannerBlocked, m.enactorBlocked, m.runsWithoutRoom];
  return [
    [
      now('Generations behind the goal', m.lagGenerations),
      now('Endpoints kept back', m.keptBackEndpoints),
      now('Endpoints that Route 53 refused', m.refusedEndpoints),
      now('Blind sources', m.blindSources),
      now('Waiting for an approval', m.plansHeld),
      now('Frozen', m.cellsFrozen),
    ],
    [
      graph('Generations behind the goal', [m.lagGenerations], 'Maximum', HALF),
      graph('Seconds that the goal has been waiting', [m.lagSeconds], 'Maximum', HALF),
    ],
    [
      graph('Wrong in the zone', [m.zoneRegressions, m.driftedNames, m.emptyAnswers], 'Sum', THIRD),
      graph('Seconds that something has been waiting for a person', waits, 'Maximum', THIRD),
      graph('Runs that failed or were blocked', failures, 'Sum', THIRD),
    ],
    [
      graph('Fences lost, and in a row', [m.fencesLost, m.consecutiveLosses], 'Maximum', HALF),
      graph('Runs', heartbeats, 'Sum', HALF),
    ],
    [
      graph('Groups of leases', [m.leasesHeard, m.leasesHeld, m.leasesLapsed], 'Maximum', THIRD),
      graph('Seconds since the oldest tick of leases', [m.leaseTickSeconds], 'Maximum', THIRD),
      graph('Deaf zones, and periods that holders missed', deafness, 'Maximum', THIRD),
    ],
  ];
}

function now(title: string, metric: string): Panel {
  return { title, metrics: [metric], statistic: 'Maximum', shows: 'now', width: SIXTH };
}

function graph(
  title: string,
  metrics: readonly string[],
  statistic: Panel['statistic'],
  width: number,
): Panel {
  return { title, metrics, statistic, shows: 'graph', width };
}

/** The rows of alarms at the top, by what they mean. */
export const ALARM_TITLES = {
  roots: 'Is anything wrong?',
  symptoms: 'Does anything not work as it should?',
  waiting: 'Does anything wait for a person?',
} as const;

/** The last panel: what the account's rate is used for. */
export const REQUESTS_TITLE = 'Requests to Route 53 a minute, and what the account has';
