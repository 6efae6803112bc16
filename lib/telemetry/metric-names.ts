/**
 * Every metric that Pawl counts, so that code, alarms and dashboards spell it the same. Each is a number of what its
 * text says; its dimensions are in braces. Alarms and dashboards sum them over a period.
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
  auditsMade: 'AuditsMade',
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
} as const;
