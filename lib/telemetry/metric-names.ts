import { ROLES, roleNamed } from '../roles.ts';

/**
 * Every metric that Pawl's roles count, so that code, alarms and dashboards spell it the same; the heartbeats of the
 * roles are in their own table (lib/roles.ts). What each of them counts, in which unit and of what, is said in
 * metric-facts.ts.
 */
export const METRICS = {
  route53Requests: 'Route53Requests',
  route53Failures: 'Route53Failures',
  batchesSent: 'BatchesSent',
  plansProposed: 'PlansProposed',
  blindObservations: 'BlindObservations',
  fencesAhead: 'FencesAhead',
  logsContradicted: 'LogsContradicted',
  zoneRegressions: 'ZoneRegressions',
  auditsMade: roleNamed('auditor').heartbeat.metric,
  driftedNames: 'DriftedNames',
  danglingAliases: 'DanglingAliases',
  emptyAnswers: 'EmptyAnswers',
  orphanTrees: 'OrphanTrees',
  unprovenRetirements: 'UnprovenRetirements',
  zoneRecords: 'ZoneRecords',
  zoneFilledPercent: 'ZoneFilledPercent',
  runsTimedOut: 'RunsTimedOut',
  runsFailed: 'RunsFailed',
  goalGeneration: 'GoalGeneration',
  appliedGeneration: 'AppliedGeneration',
  lagGenerations: 'LagGenerations',
  lagSeconds: 'LagSeconds',
  plansHeld: 'PlansHeld',
  cellsFrozen: 'CellsFrozen',
  cellsHalfFrozen: 'CellsHalfFrozen',
  heldSeconds: 'HeldSeconds',
  frozenSeconds: 'FrozenSeconds',
  keptBackEndpoints: 'KeptBackEndpoints',
  keptBackSeconds: 'KeptBackSeconds',
  refusedEndpoints: 'RefusedEndpoints',
  blindSources: 'BlindSources',
  leasesHeard: 'LeasesHeard',
  leasesHeld: 'LeasesHeld',
  leasesLapsed: 'LeasesLapsed',
  leaseZonesDeaf: 'LeaseZonesDeaf',
  leaseTickSeconds: 'LeaseTickSeconds',
  leaseTriesFailed: 'LeaseTriesFailed',
  plannerBlocked: 'PlannerBlocked',
  enactorBlocked: 'EnactorBlocked',
  runsWithoutRoom: 'RunsWithoutRoom',
  fencesLost: 'FencesLost',
  consecutiveLosses: 'ConsecutiveLosses',
  ledgerRewritten: 'LedgerRewritten',
  recordsUnreadable: 'RecordsUnreadable',
  hintsSent: 'HintsSent',
  exportsFailed: 'ExportsFailed',
  trailPasses: 'TrailPasses',
  trailFindings: 'TrailFindings',
  trailViolations: 'TrailViolations',
  trailBlind: 'TrailBlind',
  trailLagSeconds: 'TrailLagSeconds',
} as const;

/** What a holder of leases counts beside LeaseTriesFailed. It has no CloudWatch, so they are not of the metrics above. */
export const HOLDER_METRICS = {
  holdPeriods: 'HoldPeriods',
  holdPeriodsMissed: 'HoldPeriodsMissed',
  holdMayAct: 'HoldMayAct',
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
  // An alarm rings on silence, where a trail is read.
  [METRICS.trailPasses]: 'always',
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
