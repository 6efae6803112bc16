import { ROLES } from '../roles.ts';
import { HOLDER_METRICS, METRICS } from './metric-names.ts';

/** What one metric is. docs/metrics.md is made of these. */
export interface MetricFacts {
  /** count: what happened, summed up and never less. level: how something stands when a run looks at it. */
  readonly kind: 'count' | 'level';
  /** In UCUM, as OpenTelemetry has it: `s`, `%`, or in braces what is counted. */
  readonly unit: string;
  /** Which of a run's values of a level stands for the run: the worst one, as the alarm sees it. `highest` unless given. */
  readonly worst?: 'lowest';
  /** What it is of; the first one, where there are several and a run names no cell. */
  readonly of: readonly Dimension[];
  /** What it counts, as the rest of a sentence. */
  readonly says: string;
}

/** `group` and `az` are of a holder of leases, which works for one group. */
export type Dimension = 'cell' | 'ledger' | 'az' | 'group';

const ofCell: readonly Dimension[] = ['cell'];
const ofLedger: readonly Dimension[] = ['ledger'];
const ofHolder: readonly Dimension[] = ['cell', 'az', 'group'];

const count = (unit: string, says: string, of = ofCell): MetricFacts => ({ kind: 'count', unit, of, says });
const level = (unit: string, says: string, of = ofCell): MetricFacts => ({ kind: 'level', unit, of, says });
/** The alarm on it has the statistic Minimum: it rings when no look of a period was better. */
const lowest = (unit: string, says: string): MetricFacts => ({ ...level(unit, says), worst: 'lowest' });

/** Every metric that the roles count, but the heartbeats, of which the table of roles says all. */
const FACTS: Readonly<Record<Exclude<keyof typeof METRICS, 'auditsMade'>, MetricFacts>> = {
  route53Requests: count('{request}', 'Requests sent to Route 53; each attempt counts.'),
  route53Failures: count('{request}', 'Requests that Route 53 refused, or whose answer was lost.'),
  batchesSent: count('{batch}', 'Fenced batches sent.'),
  plansProposed: count('{plan}', 'Plans proposed to the ledger.'),
  blindObservations: count('{run}', 'Runs in which the observer of targets could not see.'),
  fencesAhead: count(
    '{event}',
    'Times that a goal was reissued above a fence, or above a tree, that the ledger did not know.',
  ),
  logsContradicted: count(
    '{event}',
    'Events that the fence names and the log does not have. 0 unless the ledger was restored or rewritten.',
  ),
  zoneRegressions: count(
    '{record}',
    'Fences and roots found behind what the ledger says was applied. 0 unless a hand wrote to the zone.',
  ),
  driftedNames: level('{name}', 'Names that are not as the applied plan says, as one audit found them.'),
  danglingAliases: level(
    '{record}',
    "Aliases into a cell's own names that resolve to nothing, as one audit found them.",
  ),
  emptyAnswers: level(
    '{name}',
    'Roots whose name a DNS server answered with nothing, as one audit found them.',
  ),
  orphanTrees: level(
    '{tree}',
    'Trees in the zone that the ledger has retired or never knew, as one audit found them.',
  ),
  unprovenRetirements: count(
    '{batch}',
    'Retirements that Route 53 refused with their proof, so that trees went under the fence alone.',
  ),
  zoneRecords: level(
    '{record}',
    "Record sets in a cell's zone, everybody's counted, as one audit found them.",
  ),
  zoneFilledPercent: lowest(
    '%',
    "Share of the zone's limit that no tree can give back which is only retained, as one audit found it.",
  ),
  runsTimedOut: count(
    '{run}',
    'Runs that were ended by their timeout; the outcome of their requests in flight is unknown.',
  ),
  runsFailed: count(
    '{run}',
    'Runs that failed, those that were ended by their timeout and events that were refused included.',
    ['cell', 'ledger'],
  ),
  goalGeneration: level('{generation}', 'The generation that should answer.'),
  appliedGeneration: level('{generation}', 'The generation that answers according to the ledger.'),
  lagGenerations: level('{generation}', 'How many generations the zone is behind its goal.'),
  lagSeconds: level(
    's',
    'How long a goal has been waiting to be applied, the oldest that was staged or the newest.',
  ),
  plansHeld: level('{plan}', '1 while a plan waits for an approval, else 0.'),
  cellsFrozen: level('{cell}', '1 while the cell is frozen, else 0.'),
  cellsHalfFrozen: lowest(
    '{cell}',
    '1 while the log and the fence disagree whether the cell is frozen, else 0, at every look that a run of an enactor or an auditor takes at both.',
  ),
  heldSeconds: level('s', 'How long the newest plan has been waiting for an approval.'),
  frozenSeconds: level('s', 'How long the cell has been frozen.'),
  keptBackEndpoints: level(
    '{endpoint}',
    'Endpoints that are kept back, without those of which a person declined what waits.',
  ),
  keptBackSeconds: level('s', 'How long the oldest of them has been kept back.'),
  refusedEndpoints: level('{endpoint}', 'Endpoints whose records Route 53 refused.'),
  blindSources: level(
    '{source}',
    'Sources of observations that cannot see; what is presumed blind counts as one.',
  ),
  leasesHeard: level('{group}', 'Groups of declared leases whose holder is heard.'),
  leasesHeld: level('{group}', 'Groups of declared leases that have not lapsed, heard or not.'),
  leasesLapsed: level('{group}', 'Groups of declared leases that have lapsed.'),
  leaseZonesDeaf: lowest(
    '{zone}',
    'Availability zones of which so few declared groups are heard that nobody ages.',
  ),
  leaseTickSeconds: lowest(
    's',
    "The longest time since a tick of one of the cell's availability zones, or to one that lies ahead.",
  ),
  leaseTriesFailed: level(
    '{period}',
    'Periods that the holders which are heard have missed since their last success.',
  ),
  plannerBlocked: lowest(
    '{run}',
    '1 when a run of the planner could append nothing although something is asked for, else 0.',
  ),
  enactorBlocked: level(
    '{run}',
    '1 when a run of an enactor ended because it will not go on as things stand, else 0.',
  ),
  runsWithoutRoom: lowest(
    '{run}',
    '1 when a run of an enactor ended because the zone has no room yet for its goal, else 0.',
  ),
  fencesLost: count('{batch}', 'Batches whose outcome was lost or unknown.'),
  consecutiveLosses: level(
    '{run}',
    'Runs of one enactor in a row that lost every batch, as before the outage of October 2025.',
  ),
  ledgerRewritten: count(
    '{item}',
    'Items of the ledger that were changed or deleted, which nobody may do. One is too many.',
    ofLedger,
  ),
  recordsUnreadable: count(
    '{record}',
    "Records of the ledger's stream that nobody can read: an item stands in the table that Pawl did not write.",
    ofLedger,
  ),
  hintsSent: count('{hint}', 'Runs that the herald asked for because of new events.', ofLedger),
  exportsFailed: count(
    '{export}',
    'Runs of which an OpenTelemetry collector did not take the metrics in time.',
    ['cell', 'ledger'],
  ),
  trailPasses: count(
    '{pass}',
    "Passes over the account's trail that came to their end. Without any, nobody holds it against the ledger.",
    ofLedger,
  ),
  trailFindings: count('{finding}', 'Findings of a trail that no pass had told before.', ofLedger),
  trailViolations: count(
    '{finding}',
    'Those of them by which Pawl itself broke a rule: neither a hand nor a gap in the trail explains them.',
    ofLedger,
  ),
  trailBlind: level(
    '{cell}',
    'Cells of which the log says that a plan was applied more than an hour ago, and the trail has no event.',
    ofLedger,
  ),
  trailLagSeconds: level(
    's',
    'How long ago the newest file of the trail was delivered, as one pass found it.',
    ofLedger,
  ),
};

/** What a holder of leases counts, which writes nothing to CloudWatch. */
const OF_HOLDERS: Readonly<Record<keyof typeof HOLDER_METRICS, MetricFacts>> = {
  holdPeriods: count(
    '{period}',
    'Periods of a holder that came to their end, whatever they came to.',
    ofHolder,
  ),
  holdPeriodsMissed: count(
    '{period}',
    'Periods of a holder of which nothing is known to be written.',
    ofHolder,
  ),
  holdMayAct: level('{holder}', '1 while a holder is inside its time and may act, else 0.', ofHolder),
};

const byName = <Keys extends string>(
  names: Readonly<Record<string, string>>,
  facts: Readonly<Record<Keys, MetricFacts>>,
): readonly (readonly [string, MetricFacts])[] =>
  Object.entries<MetricFacts>(facts).map(([key, each]) => [names[key] ?? key, each]);

/** Every metric by its name: those of the roles, the heartbeats, those of holders. */
export const METRIC_FACTS: ReadonlyMap<string, MetricFacts> = new Map([
  ...ROLES.map(({ name, heartbeat }): [string, MetricFacts] => [
    heartbeat.metric,
    count('{run}', `Runs of the role ${name} that came to an end of their own. Without any, nobody looks.`),
  ]),
  ...byName(METRICS, FACTS),
  ...byName(HOLDER_METRICS, OF_HOLDERS),
]);
