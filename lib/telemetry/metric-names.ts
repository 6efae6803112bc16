import { roleNamed } from '../roles.ts';

/**
 * Every metric that Pawl counts, so that code, alarms and dashboards spell it the same; the heartbeats of the roles
 * are in their own table (lib/roles.ts). Each is a number of what its text says; its dimensions are in braces. Alarms
 * and dashboards sum them over a period.
 */
export const METRICS = {
  /** Requests sent to Route 53, each attempt by itself. {operation} */
  route53Requests: 'Route53Requests',
  /** Requests that Route 53 did not do, or whose answer was lost. {operation, kind} */
  route53Failures: 'Route53Failures',
  /** Fenced batches sent. {kind: stage | flip | repair | retire | fence | freeze, outcome: applied | lost | unknown} */
  batchesSent: 'BatchesSent',
  /** Plans proposed to the ledger. {outcome, disposition: approved | held} */
  plansProposed: 'PlansProposed',
  /** Runs in which the observer of targets could not see. {cell} */
  blindObservations: 'BlindObservations',
  /** Times that a goal was reissued above a fence, or above a tree, that the ledger did not know. {cell} */
  fencesAhead: 'FencesAhead',
  /** Fences and roots found behind what the ledger says was applied. Never 0 unless somebody wrote by hand. {cell} */
  zoneRegressions: 'ZoneRegressions',
  /** Audits that came to a conclusion: when none do, nobody is looking. {cell, outcome} */
  auditsMade: roleNamed('auditor').heartbeat.metric,
  /** Names that are not as the applied plan says, as one audit found them. {cell} */
  driftedNames: 'DriftedNames',
  /** Aliases into a cell's own names that resolve to nothing, as one audit found them. {cell} */
  danglingAliases: 'DanglingAliases',
  /** Roots whose name a DNS server answered with nothing, as one audit found them. {cell} */
  emptyAnswers: 'EmptyAnswers',
  /** Trees in the zone that the ledger has retired or never knew, as one audit found them. {cell} */
  orphanTrees: 'OrphanTrees',
  /** Record sets in a cell's zone, everybody's counted, as one audit found them. {cell} */
  zoneRecords: 'ZoneRecords',
  /** Runs that were ended by their time, with whatever they had in flight left unknown. {cell} */
  runsTimedOut: 'RunsTimedOut',
  /** The generation that should answer: a level, not a count. {cell} */
  goalGeneration: 'GoalGeneration',
  /** The generation that the ledger says answers: a level. {cell} */
  appliedGeneration: 'AppliedGeneration',
  /** How many generations the zone is behind its goal: a level. {cell} */
  lagGenerations: 'LagGenerations',
  /** How long the goal has been waiting to be applied, seconds: a level. {cell} */
  lagSeconds: 'LagSeconds',
  /** 1 while a plan waits for an approval, else 0: a level. {cell} */
  plansHeld: 'PlansHeld',
  /** 1 while the cell is frozen, else 0: a level. {cell} */
  cellsFrozen: 'CellsFrozen',
  /** Batches that somebody else's write, or doubt, made vain. {cell} */
  fencesLost: 'FencesLost',
  /** Runs of one enactor in a row that lost every batch: what went before the outage of 2025. A level. {cell} */
  consecutiveLosses: 'ConsecutiveLosses',
  /** Items of the ledger that were changed or deleted, which nobody may. One is too many. {ledger} */
  ledgerRewritten: 'LedgerRewritten',
  /** Runs that the log's own news have asked for. {ledger} */
  hintsSent: 'HintsSent',
} as const;

/** The CloudWatch namespace of all of them. */
export const METRIC_NAMESPACE = 'Pawl';
