// The table of roles: the facts of each role that more than one place needs. This file imports nothing, so that every
// file may import it, in the pure core and in the deployment too (docs/adr/0033-a-table-of-roles.md).

/** One row of the table: a role that works on every cell repeatedly and by itself. */
interface RoleFacts {
  /** Its workflow is in the folder of lib/ with this name, and its function in the file of functions/. */
  readonly name: string;
  /** The kinds of batches that it may send; lib/plan/batch-kinds.ts says what each may contain. Empty: it changes no record. */
  readonly batches: readonly string[];
  /**
   * Its default share of the account's Route 53 rate without the reserve, 0 to 1; a deployment may change it. All shares
   * together are at most 1. 0: it gets neither rate nor permission for Route 53.
   */
  readonly rateShare: number;
  /** Whether it stores bodies (plans, observations) beside the events that it appends; it gets no permission to otherwise. */
  readonly storesBodies: boolean;
  /** Whether it asks the sources for the health and capacity of targets, and so needs their permissions. */
  readonly asksSources: boolean;
  /** True: several of them work at once, so that a stuck one does not stop the work. A deployment says how many. */
  readonly redundant: boolean;
  /** The time between two sweeps of a cell. A sweep looks whatever the log says: liveness rests on sweeps, not on hints. */
  readonly cadence: { readonly deployedMinutes: number; readonly localMs: number };
  /** Types of events for which it gets a hint at once. An empty list: it waits for its sweep. */
  readonly news: readonly string[];
  /** The longest that one run of its function takes, minutes. */
  readonly timeoutMinutes: number;
  readonly heartbeat: Heartbeat;
}

/** The metric that shows that a role is alive in each cell. */
interface Heartbeat {
  /** Counted once for each run that ended by itself. */
  readonly metric: string;
  /** The alarm on silence; absent where silence harms nobody. */
  readonly silence?: Silence;
}

interface Silence {
  /** root-cause: it rings by itself. symptom: it is quiet while a root cause rings. */
  readonly level: 'root-cause' | 'symptom';
  /** The alarm goes off when the metric is missing in two periods of this many minutes in a row. */
  readonly periodMinutes: number;
  /** The last part of the alarm's id. */
  readonly alarm: string;
  /** What it means, as a sentence. */
  readonly says: string;
}

const TABLE = [
  {
    name: 'planner',
    batches: [],
    rateShare: 0,
    storesBodies: true,
    asksSources: true,
    redundant: false,
    cadence: { deployedMinutes: 1, localMs: 3_000 },
    // What is asked for changed, or what stands in the way of it.
    news: [
      'FleetDeclared',
      'TargetDrained',
      'TargetRestored',
      'AzEvacuated',
      'AzRestored',
      'BranchEvacuated',
      'BranchRestored',
      'PlannerResumed',
      'PlanApproved',
      'EndpointAdopted',
      'EndpointRefused',
      'EndpointRetried',
      'KeptBackRejected',
      'LooseningApproved',
      'EndpointsOffered',
      'EndpointsGiven',
      'EndpointsAwaited',
      'EndpointsTaken',
    ],
    timeoutMinutes: 2,
    heartbeat: {
      metric: 'PlannerRuns',
      silence: {
        level: 'root-cause',
        periodMinutes: 5,
        alarm: 'NoPlanner',
        says: 'No planner has looked at the cell: the zone keeps answering as it does.',
      },
    },
  },
  {
    name: 'enactor',
    batches: ['fence', 'stage', 'repair', 'flip', 'freeze', 'offer', 'handover'],
    rateShare: 0.6,
    storesBodies: true,
    asksSources: false,
    redundant: true,
    cadence: { deployedMinutes: 1, localMs: 6_000 },
    news: [
      'PlanAppended',
      'PlanApproved',
      'FenceAhead',
      'DriftFound',
      'ZoneRegressed',
      'EndpointAdopted',
      'EndpointsOffered',
      'OffersWithdrawn',
      'EndpointsAwaited',
      'CellThawed',
    ],
    timeoutMinutes: 5,
    heartbeat: {
      metric: 'EnactorRuns',
      silence: {
        level: 'root-cause',
        periodMinutes: 5,
        alarm: 'NoEnactor',
        says: 'No enactor has looked at the cell: nothing new is applied or repaired.',
      },
    },
  },
  {
    name: 'janitor',
    batches: ['retire'],
    rateShare: 0.15,
    storesBodies: false,
    asksSources: false,
    redundant: false,
    cadence: { deployedMinutes: 5, localMs: 5_000 },
    news: [],
    timeoutMinutes: 3,
    heartbeat: { metric: 'JanitorRuns' },
  },
  {
    name: 'auditor',
    batches: [],
    rateShare: 0.25,
    storesBodies: false,
    asksSources: false,
    redundant: false,
    cadence: { deployedMinutes: 5, localMs: 7_000 },
    news: [],
    timeoutMinutes: 5,
    heartbeat: {
      // The audit itself counts it: an audit without a conclusion does not count.
      metric: 'AuditsMade',
      silence: {
        level: 'symptom',
        periodMinutes: 15,
        alarm: 'NoAuditor',
        says: 'No audit has come to an end: drift and empty answers would not be noticed.',
      },
    },
  },
] as const satisfies readonly RoleFacts[];

export type RoleName = (typeof TABLE)[number]['name'];

export interface Role extends RoleFacts {
  readonly name: RoleName;
  readonly news: readonly (typeof TABLE)[number]['news'][number][];
}

/** All roles, in the order in which a change goes through them. */
export const ROLES: readonly Role[] = TABLE;

/**
 * The batches that a person's commands may send: `operator` freezes and thaws, `rescue` repairs a zone with Route 53 alone,
 * `give-back` leaves a zone behind that needs nothing of Pawl's.
 */
const PEOPLE = [
  { name: 'operator', batches: ['fence', 'freeze'] },
  { name: 'rescue', batches: ['fence', 'freeze', 'stage', 'flip'] },
  { name: 'give-back', batches: ['fence', 'freeze', 'plain', 'clear', 'end'] },
] as const;

/** Everybody who may be named as the sender of a batch, with the kinds that each may send. */
export const SENDERS = [...TABLE, ...PEOPLE];

/** The row of a role. */
export function roleNamed(name: RoleName): Role {
  const found = ROLES.find((role) => role.name === name);
  if (found === undefined) throw new RangeError(`There is no role ${name}.`);
  return found;
}

/** One value for every role, by the role's name. */
export function byRole<Value>(of: (role: Role) => Value): Readonly<Record<RoleName, Value>> {
  // The type of Object.fromEntries does not show that these are all the names.
  return Object.fromEntries(ROLES.map((role) => [role.name, of(role)])) as Record<RoleName, Value>;
}

const LETTERS = 'abcde';

/** The most workers of a redundant role: each has a letter. */
export const COPIES_MAX = LETTERS.length;

/** The names of a role's workers in events, fences and logs: `janitor`; of a redundant one `enactor-a`, `enactor-b`, … */
export function workerNames({ name, redundant }: Role, copies: number): readonly string[] {
  return redundant ? [...LETTERS.slice(0, copies)].map((letter) => `${name}-${letter}`) : [name];
}

/** The name for all workers of a role in a deployment's settings: `enactors`, `janitor`. */
export function settingName({ name, redundant }: Role): string {
  return redundant ? `${name}s` : name;
}

/** What a role may do with a hosted zone. It gets no port for what it may not do. */
export function zoneAccess({ batches, rateShare }: Role): 'none' | 'reads' | 'writes' {
  if (rateShare === 0) return 'none';
  return batches.length === 0 ? 'reads' : 'writes';
}
