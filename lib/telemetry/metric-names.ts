import { ROLES, roleNamed } from '../roles.ts';

/**
 * Every metric that Pawl counts, so that code, alarms and dashboards spell it the same; the heartbeats of the roles
 * are in their own table (lib/roles.ts). The comment of each says what it counts, with its dimensions in braces. Alarms
 * and dashboards sum them over a period.
 */
export const METRICS = {
  /** Requests sent to Route 53; each attempt counts. {operation} */
  route53Requests: 'Route53Requests',
  /** Requests that Route 53 refused, or whose answer was lost. {operation, kind} */
  route53Failures: 'Route53Failures',
  /** Fenced batches sent. {kind: stage | flip | repair | retire | fence | freeze, outcome: applied | lost | unknown} */
  batchesSent: 'BatchesSent',
  /** Plans proposed to the ledger. {outcome, disposition: approved | held} */
  plansProposed: 'PlansProposed',
  /** Runs in which the observer of targets could not see. {cell} */
  blindObservations: 'BlindObservations',
  /** Times that a goal was reissued above a fence, or above a tree, that the ledger did not know. {cell} */
  fencesAhead: 'FencesAhead',
  /** Events that the fence names and the log does not have. 0 unless the ledger was restored or rewritten. {cell} */
  logsContradicted: 'LogsContradicted',
  /** Fences and roots found behind what the ledger says was applied. 0 unless a hand wrote to the zone. {cell} */
  zoneRegressions: 'ZoneRegressions',
  /** Audits that came to a conclusion. Without any, the zone is not audited. {cell, outcome} */
  auditsMade: roleNamed('auditor').heartbeat.metric,
  /** Names that are not as the applied plan says, as one audit found them. {cell} */
  driftedNames: 'DriftedNames',
  /** Aliases into a cell's own names that resolve to nothing, as one audit found them. {cell} */
  danglingAliases: 'DanglingAliases',
  /** Roots whose name a DNS server answered with nothing, as one audit found them. {cell} */
  emptyAnswers: 'EmptyAnswers',
  /** Trees in the zone that the ledger has retired or never knew, as one audit found them. {cell} */
  orphanTrees: 'OrphanTrees',
  /** Retirements that Route 53 refused with their proof, so that trees went under the fence alone. {cell} */
  unprovenRetirements: 'UnprovenRetirements',
  /** Record sets in a cell's zone, everybody's counted, as one audit found them. {cell} */
  zoneRecords: 'ZoneRecords',
  /** Share of the zone's limit that no tree can give back which is only retained, percent, as one audit found it. {cell} */
  zoneFilledPercent: 'ZoneFilledPercent',
  /** Runs that were ended by their timeout; the outcome of their requests in flight is unknown. {cell} */
  runsTimedOut: 'RunsTimedOut',
  /** Runs that failed, those that were ended by their timeout and events that were refused included. {cell} or {ledger} */
  runsFailed: 'RunsFailed',
  /** The generation that should answer: a level, not a count. {cell} */
  goalGeneration: 'GoalGeneration',
  /** The generation that answers according to the ledger: a level. {cell} */
  appliedGeneration: 'AppliedGeneration',
  /** How many generations the zone is behind its goal: a level. {cell} */
  lagGenerations: 'LagGenerations',
  /** How long a goal has been waiting to be applied, the oldest that was staged or the newest, seconds: a level. {cell} */
  lagSeconds: 'LagSeconds',
  /** 1 while a plan waits for an approval, else 0: a level. {cell} */
  plansHeld: 'PlansHeld',
  /** 1 while the cell is frozen, else 0: a level. {cell} */
  cellsFrozen: 'CellsFrozen',
  /**
   * 1 while the log and the fence disagree whether the cell is frozen, else 0: a level, of every look that a run of an
   * enactor or an auditor takes at both. {cell}
   */
  cellsHalfFrozen: 'CellsHalfFrozen',
  /** How long the newest plan has been waiting for an approval, seconds: a level. {cell} */
  heldSeconds: 'HeldSeconds',
  /** How long the cell has been frozen, seconds: a level. {cell} */
  frozenSeconds: 'FrozenSeconds',
  /** Endpoints that are kept back, without those of which a person declined what waits: a level. {cell} */
  keptBackEndpoints: 'KeptBackEndpoints',
  /** How long the oldest of them has been kept back, seconds: a level. {cell} */
  keptBackSeconds: 'KeptBackSeconds',
  /** Endpoints whose records Route 53 refused: a level. {cell} */
  refusedEndpoints: 'RefusedEndpoints',
  /** Sources of observations that cannot see; what is presumed blind counts as one: a level. {cell} */
  blindSources: 'BlindSources',
  /** Groups of declared leases whose holder is heard: a level. {cell} */
  leasesHeard: 'LeasesHeard',
  /** Groups of declared leases that have not lapsed, heard or not: a level. {cell} */
  leasesHeld: 'LeasesHeld',
  /** Groups of declared leases that have lapsed: a level. {cell} */
  leasesLapsed: 'LeasesLapsed',
  /** Availability zones of which so few declared groups are heard that nobody ages: a level. {cell} */
  leaseZonesDeaf: 'LeaseZonesDeaf',
  /** The longest time since a tick of one of the cell's availability zones, or to one that lies ahead, seconds: a level. {cell} */
  leaseTickSeconds: 'LeaseTickSeconds',
  /** Periods that the holders which are heard have missed since their last success: a level. {cell} */
  leaseTriesFailed: 'LeaseTriesFailed',
  /** 1 when a run of the planner could append nothing although something is asked for, else 0: a level. {cell} */
  plannerBlocked: 'PlannerBlocked',
  /** 1 when a run of an enactor ended because it will not go on as things stand, else 0: a level. {cell} */
  enactorBlocked: 'EnactorBlocked',
  /** 1 when a run of an enactor ended because the zone has no room yet for its goal, else 0: a level. {cell} */
  runsWithoutRoom: 'RunsWithoutRoom',
  /** Batches whose outcome was lost or unknown. {cell} */
  fencesLost: 'FencesLost',
  /** Runs of one enactor in a row that lost every batch, as before the outage of October 2025. A level. {cell} */
  consecutiveLosses: 'ConsecutiveLosses',
  /** Items of the ledger that were changed or deleted, which nobody may do. One is too many. {ledger} */
  ledgerRewritten: 'LedgerRewritten',
  /** Records of the ledger's stream that nobody can read: an item stands in the table that Pawl did not write. {ledger} */
  recordsUnreadable: 'RecordsUnreadable',
  /** Runs that the herald asked for because of new events. {ledger} */
  hintsSent: 'HintsSent',
} as const;

/**
 * When a metric has a value in CloudWatch, which bills it by the hours in which it has one
 * (docs/adr/0077-a-metric-that-is-0-has-no-value.md).
 *
 * - `always`: at every run that counts it, 0 too. Who hears nothing knows that nobody looked.
 * - `above-zero`: while it is above 0, and for an hour after. Whether anybody looked is what the heartbeats say.
 * - `logged`: never. It stands in the line `done` of the run's log, where a query finds it.
 */
export type Publication = 'always' | 'above-zero' | 'logged';

/** Every other metric is published above 0 alone. */
const PUBLICATIONS: Readonly<Record<string, Publication>> = {
  ...Object.fromEntries(ROLES.map(({ heartbeat }) => [heartbeat.metric, 'always'])),
  // An alarm rings when no run of a period was better. Without its zeros the best run would not be seen.
  [METRICS.plannerBlocked]: 'always',
  [METRICS.runsWithoutRoom]: 'always',
  [METRICS.zoneFilledPercent]: 'always',
  [METRICS.cellsHalfFrozen]: 'always',
  [METRICS.leaseZonesDeaf]: 'always',
  [METRICS.leaseTickSeconds]: 'always',
  // An alarm compares the two: a period in which one is missing has no value.
  [METRICS.leasesHeard]: 'always',
  [METRICS.leasesHeld]: 'always',
  // Above 0 at rest. The dashboard holds it against what the account has, which nothing else does.
  [METRICS.route53Requests]: 'always',
  // Above 0 at rest, and read where they stand: in the log of events, and in what an audit says.
  [METRICS.goalGeneration]: 'logged',
  [METRICS.appliedGeneration]: 'logged',
  [METRICS.zoneRecords]: 'logged',
};

/** When that metric has a value. */
export function publicationOf(metric: string): Publication {
  return PUBLICATIONS[metric] ?? 'above-zero';
}

/** Every metric that there is, heartbeats included. */
export const ALL_METRICS: readonly string[] = [
  ...new Set([...Object.values(METRICS), ...ROLES.map(({ heartbeat }) => heartbeat.metric)]),
];

/** The CloudWatch namespace of all of them. */
export const METRIC_NAMESPACE = 'Pawl';
