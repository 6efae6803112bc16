import { ROLES } from '../roles.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { Deployment } from './deployment.ts';

/** One watched metric, of which an alarm is made. `dead`: silence is the alarm. */
export interface Watch {
  /** The last part of the alarm's id. */
  readonly id: string;
  readonly metric: string;
  /** Minimum: the alarm goes off when no run of the period was better. */
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum';
  readonly minutes: number;
  /** Periods in a row. */
  readonly periods: number;
  /** Reached or passed; with `dead`, not reached. */
  readonly threshold: number;
  readonly dead?: true;
  /**
   * Another metric: the alarm is on how much of it `metric` lacks, percent, when the other one is at its lowest of the
   * period. 0 where the other one is 0.
   */
  readonly lacksOf?: string;
  /** What it means and what to do. */
  readonly says: string;
  /** The heading of its section in docs/operations.md, which its text links to. */
  readonly runbook: string;
}

/**
 * What is watched of one thing, by the composite alarm that speaks of it. roots: something that Pawl rests on is broken.
 * symptoms: Pawl works, but not as it should. waiting: Pawl works, and something waits for a person.
 */
export interface Watches {
  readonly roots: readonly Watch[];
  readonly symptoms: readonly Watch[];
  readonly waiting: readonly Watch[];
}

/** What is watched of the ledger. */
export const LEDGER_WATCHES: Watches = {
  roots: [
    {
      id: 'LedgerRewritten',
      metric: METRICS.ledgerRewritten,
      ...at(1, 'Sum', 1, 1),
      says: 'An item of the ledger was changed or deleted, which no role may do: freeze every cell and run "pawl verify".',
      runbook: 'The ledger was rewritten',
    },
    {
      id: 'RecordsUnreadable',
      metric: METRICS.recordsUnreadable,
      ...at(1, 'Sum', 1, 1),
      says: 'The stream of the ledger has a record that Pawl did not write: run "pawl verify"; the log lines StreamRecordUnreadable of herald and auditor have its keys.',
      runbook: 'The ledger was rewritten',
    },
  ],
  symptoms: [
    {
      id: 'StreamRunsFailed',
      metric: METRICS.runsFailed,
      ...at(1, 'Sum', 5, 3),
      says: 'Runs that no cell is named for fail again and again: the herald cannot wake a function, a webhook is not taken, or somebody sends events that are refused. Sweeps go on.',
      runbook: 'Dead letters',
    },
  ],
  waiting: [],
};

/** What is watched of the ledger beside that where the account's trail is read. */
export const TRAIL_WATCHES: Watches = {
  roots: [
    {
      id: 'TrailViolation',
      metric: METRICS.trailViolations,
      ...at(1, 'Sum', 5, 1),
      says: 'The trail shows that Pawl itself broke a rule, and neither a hand nor a gap explains it: freeze the cell, and read the log lines TrailFinding of the function trail.',
      runbook: 'The trail shows something',
    },
  ],
  symptoms: [
    {
      id: 'TrailFinding',
      metric: METRICS.trailFindings,
      ...at(1, 'Sum', 5, 1),
      says: 'The trail shows what nobody had told before, such as a hand that wrote past the fence: the log lines TrailFinding of the function trail have who, when and what to do.',
      runbook: 'The trail shows something',
    },
    {
      id: 'TrailBlind',
      metric: METRICS.trailBlind,
      ...at(1, 'Maximum', 15, 2),
      says: 'The log says that a plan was applied more than an hour ago, and the trail has no event of it: it is off, leaves Route 53 out, or is delivered elsewhere.',
      runbook: 'The trail is silent',
    },
    {
      id: 'NoTrailPass',
      metric: METRICS.trailPasses,
      // A pass is due in each, up to a minute late.
      ...at(1, 'Sum', 15, 2),
      dead: true,
      says: 'No pass over the trail has ended for half an hour: the log group of the function trail says why.',
      runbook: 'The trail is silent',
    },
  ],
  waiting: [],
};

/** What is watched of every cell. */
export function cellWatches(
  settings: Pick<Deployment, 'keptBackAlarmMinutes' | 'frozenAlarmMinutes'>,
): Watches {
  return { roots: ROOT_CAUSES, symptoms: SYMPTOMS, waiting: waiting(settings) };
}

const ROOT_CAUSES: readonly Watch[] = [
  {
    id: 'Regression',
    metric: METRICS.zoneRegressions,
    ...at(1, 'Sum', 1, 1),
    says: 'A fence or a root is behind what was applied: somebody or something else writes to the zone. Enactors repair; find the writer (CloudTrail, ChangeResourceRecordSets).',
    runbook: 'Regression',
  },
  {
    id: 'LogContradicted',
    metric: METRICS.logsContradicted,
    ...at(1, 'Sum', 1, 1),
    says: 'The fence names an event that the log does not have: the ledger was restored from a backup, or somebody rewrote it and recomputed its hashes. If nobody restored it, freeze the cell and run "pawl verify".',
    runbook: 'The ledger was rewritten',
  },
  {
    id: 'EmptyAnswer',
    metric: METRICS.emptyAnswers,
    ...at(1, 'Sum', 5, 1),
    says: 'A name of the fleet resolves to nothing: run "pawl explain NAME".',
    runbook: 'Rescue, when everything is down',
  },
  ...silences('root-cause'),
  {
    id: 'PlannerBlocked',
    metric: METRICS.plannerBlocked,
    ...at(1, 'Minimum', 5, 2),
    says: 'The planner runs and can append nothing, although something is asked for: "pawl plan --cell CELL" says why.',
    runbook: 'A role is blocked',
  },
  {
    id: 'EnactorBlocked',
    metric: METRICS.enactorBlocked,
    ...at(1, 'Maximum', 5, 2),
    says: 'An enactor runs and will not go on as things stand: "pawl enact CELL --sweep" says why.',
    runbook: 'A role is blocked',
  },
];

const SYMPTOMS: readonly Watch[] = [
  {
    id: 'LagSeconds',
    metric: METRICS.lagSeconds,
    ...at(600, 'Maximum', 1, 5),
    says: 'A goal has been waiting for ten minutes: "pawl status", then "pawl enact CELL --sweep" says why.',
    runbook: 'Alarms',
  },
  {
    id: 'LagGenerations',
    metric: METRICS.lagGenerations,
    ...at(3, 'Maximum', 5, 3),
    says: 'Plans are made faster than they are applied: "pawl history --cell CELL" shows what changes so often.',
    runbook: 'Alarms',
  },
  {
    id: 'RepeatedFenceLoss',
    metric: METRICS.consecutiveLosses,
    ...at(5, 'Maximum', 1, 2),
    says: 'An enactor loses every batch to somebody: who, is in "pawl history" and in the fence itself. What went before the outage of 2025 looked like this.',
    runbook: 'Alarms',
  },
  {
    id: 'FenceAhead',
    metric: METRICS.fencesAhead,
    ...at(1, 'Sum', 1, 1),
    says: 'The zone knew generations that the ledger did not: it was restored, or a fence was forged.',
    runbook: 'Restore the ledger from a backup',
  },
  {
    id: 'NoRoom',
    metric: METRICS.runsWithoutRoom,
    // A janitor makes room within five minutes; three of its runs have not.
    ...at(1, 'Minimum', 5, 3),
    says: 'For 15 minutes no run of an enactor has found room in the zone for its goal, and no janitor has made any: "pawl status" says what is needed and what is free, "pawl retire CELL" makes room at once.',
    runbook: 'Not enough room',
  },
  ...silences('symptom'),
  {
    id: 'TimedOut',
    metric: METRICS.runsTimedOut,
    ...at(1, 'Sum', 5, 3),
    says: 'Runs are ended by their time: Route 53 or DynamoDB is slow, or the share of the rate is too small.',
    runbook: 'Alarms',
  },
  {
    id: 'RunsFailed',
    metric: METRICS.runsFailed,
    ...at(1, 'Sum', 5, 3),
    says: 'Runs fail again and again: the log groups of the functions say why, and "pawl enact CELL --sweep" does one run from here.',
    runbook: 'Dead letters',
  },
];

/**
 * What is watched of leases; a cell without any counts none of it. All three wait for a person: a deaf zone is unheard, and
 * its tick grows old, so that in one group one page says all of it.
 */
const LEASES: readonly Watch[] = [
  {
    id: 'DeafLeases',
    metric: METRICS.leaseZonesDeaf,
    ...at(1, 'Minimum', 5, 1),
    says: 'Too few groups of an availability zone are heard, so nobody ages there: an independent witness (elbv2, a health check on the record) or a person says which targets are dead: "pawl lease ls", "pawl target drain".',
    runbook: 'Leases are not heard',
  },
  {
    id: 'LeaseTickOld',
    metric: METRICS.leaseTickSeconds,
    ...at(300, 'Minimum', 5, 1),
    says: 'The tick of an availability zone has not risen for five minutes: no lease lapses there, and a target that fails now stays in DNS. "pawl lease ls" names the zone.',
    runbook: 'Leases are not heard',
  },
  {
    id: 'LeasesUnheard',
    metric: METRICS.leasesHeard,
    lacksOf: METRICS.leasesHeld,
    // One group is silent for five ticks at most before it lapses, and a few of many always miss a period.
    ...at(5, 'Maximum', 5, 3),
    says: 'For 15 minutes a twentieth of the groups or more has been silent without having lapsed: their holders miss periods, or their zone is deaf. "pawl lease ls" names them.',
    runbook: 'Leases are not heard',
  },
];

/** What stands still until somebody acts. Each is a level that the planner's run counts, whatever else it comes to. */
function waiting({
  keptBackAlarmMinutes,
  frozenAlarmMinutes,
}: Pick<Deployment, 'keptBackAlarmMinutes' | 'frozenAlarmMinutes'>): readonly Watch[] {
  return [
    {
      id: 'KeptBack',
      metric: METRICS.keptBackSeconds,
      ...at(keptBackAlarmMinutes * 60, 'Maximum', 5, 1),
      says: `An endpoint has been kept back for ${keptBackAlarmMinutes} minutes: it answers as it did, not as it is asked to. "pawl status" names it and says what to run.`,
      runbook: 'Kept back',
    },
    {
      id: 'Refused',
      metric: METRICS.refusedEndpoints,
      ...at(1, 'Maximum', 5, 2),
      says: 'Route 53 refuses the records of an endpoint: "pawl status" has its name and Route 53\'s own words.',
      runbook: 'Refused by Route 53',
    },
    {
      id: 'Blind',
      metric: METRICS.blindSources,
      ...at(1, 'Maximum', 5, 2),
      says: 'A source of observations cannot see, or too much vanished at once to be believed: a target that fails now stays in DNS. "pawl status" names the source.',
      runbook: 'Blind',
    },
    ...LEASES,
    {
      id: 'Held',
      metric: METRICS.heldSeconds,
      ...at(keptBackAlarmMinutes * 60, 'Maximum', 5, 1),
      says: `A plan, or a looser policy, has been waiting for an approval for ${keptBackAlarmMinutes} minutes: "pawl status" names it; then "pawl plan approve" or "pawl plan reject".`,
      runbook: 'Kept back',
    },
    {
      id: 'ZoneNearlyFull',
      metric: METRICS.zoneFilledPercent,
      // The same share as that of the note zone-nearly-full.
      ...at(80, 'Minimum', 15, 1),
      says: 'Without what is only retained the zone is filled to 80 % of its limit: large changes go over in slices, and in the end nothing can change.',
      runbook: 'Not enough room',
    },
    {
      id: 'HalfFrozen',
      metric: METRICS.cellsHalfFrozen,
      ...at(1, 'Minimum', 5, 2),
      says: 'For ten minutes the log and the fence have not agreed whether the cell is frozen: a freeze, a thaw or a rescue broke off, or Route 53 took one back. "pawl status" says which half is missing and what completes it.',
      runbook: 'Half frozen',
    },
    {
      id: 'Frozen',
      metric: METRICS.frozenSeconds,
      ...at(frozenAlarmMinutes * 60, 'Maximum', 5, 1),
      says: `The cell has been frozen for ${frozenAlarmMinutes} minutes: a target that fails now stays in DNS. "pawl status" says who froze it and why; "pawl thaw CELL" ends it.`,
      runbook: 'Freeze',
    },
  ];
}

/** The roles whose silence is an alarm. */
function silences(level: 'root-cause' | 'symptom'): readonly Watch[] {
  return ROLES.flatMap(({ heartbeat: { metric, silence } }): Watch[] => {
    if (silence?.level !== level) return [];
    const { alarm, periodMinutes } = silence;
    const { says } = silence;
    const runbook = 'A role is silent';
    return [{ id: alarm, metric, ...at(1, 'Sum', periodMinutes, 2), dead: true, says, runbook }];
  });
}

function at(threshold: number, statistic: Watch['statistic'], minutes: number, periods: number) {
  return { threshold, statistic, minutes, periods };
}
