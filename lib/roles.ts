// The table of roles: what more than one place must know of each, said once. This file imports nothing, so that
// everybody may import it, the pure core and the deployment too (docs/adr/0033-a-table-of-roles.md).

/** One row of the table: a role that works on every cell again and again, without being asked. */
interface RoleFacts {
  /** Its room is the folder of lib/ with this name, and its function the file of functions/. */
  readonly name: string;
  /** The kinds of batches that it may send; lib/plan/batch-kinds.ts says what each may contain. None: it changes no record. */
  readonly batches: readonly string[];
  /**
   * Its part of what the reserve leaves of the account's Route 53 rate, 0 to 1, unless a deployment says otherwise;
   * together at most 1. 0: nothing of Route 53 is given to it, neither rate nor permission.
   */
  readonly rateShare: number;
  /** Whether it asks the sources for the health and capacity of targets, and so needs their permissions. */
  readonly asksSources: boolean;
  /** True: several of it work at once, so that one that is stuck is one of several. A deployment says how many. */
  readonly redundant: boolean;
  /** Between two sweeps of a cell. A sweep looks whatever the log says: liveness rests on it, not on hints. */
  readonly cadence: { readonly deployedMinutes: number; readonly localMs: number };
  /** Types of the log's events that it is woken for at once. None: it waits for its sweep. */
  readonly news: readonly string[];
  /** The longest that one run of its function takes, minutes. */
  readonly timeoutMinutes: number;
  readonly heartbeat: Heartbeat;
}

/** The metric that a role is heard by in each cell. */
interface Heartbeat {
  /** Counted once for each run that came to an end of its own. */
  readonly metric: string;
  /** The alarm on silence; absent where silence harms nobody. */
  readonly silence?: Silence;
}

interface Silence {
  /** root-cause: it rings by itself. symptom: it is quiet while a root cause rings. */
  readonly level: 'root-cause' | 'symptom';
  /** Nothing was heard in two periods of so many minutes in a row. */
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
    asksSources: true,
    redundant: false,
    cadence: { deployedMinutes: 1, localMs: 3_000 },
    news: ['FleetDeclared', 'TargetDrained', 'TargetRestored', 'AzEvacuated', 'AzRestored', 'PlannerResumed'],
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
    batches: ['fence', 'stage', 'repair', 'flip'],
    rateShare: 0.6,
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
    asksSources: false,
    redundant: false,
    cadence: { deployedMinutes: 5, localMs: 7_000 },
    news: [],
    timeoutMinutes: 5,
    heartbeat: {
      // The audit itself counts it: one that came to no conclusion is not heard.
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

/** What people's commands may send: `operator` freezes and thaws, `rescue` repairs a zone with Route 53 alone. */
const PEOPLE = [
  { name: 'operator', batches: ['fence', 'freeze'] },
  { name: 'rescue', batches: ['fence', 'freeze', 'stage', 'flip'] },
] as const;

/** Everybody who may be named as the sender of a batch, with the kinds that each may send. */
export const SENDERS = [...TABLE, ...PEOPLE];

/** The row of a role. */
export function roleNamed(name: RoleName): Role {
  const found = ROLES.find((role) => role.name === name);
  if (found === undefined) throw new RangeError(`There is no role ${name}.`);
  return found;
}

/** Something of every role, by its name. */
export function byRole<Value>(of: (role: Role) => Value): Readonly<Record<RoleName, Value>> {
  // Object.fromEntries does not know that these are all the names.
  return Object.fromEntries(ROLES.map((role) => [role.name, of(role)])) as Record<RoleName, Value>;
}

const LETTERS = 'abcde';

/** At most so many of a redundant role: each has a letter. */
export const COPIES_MAX = LETTERS.length;

/** What a role is called where it works, in events, fences and logs: `janitor`; of a redundant one `enactor-a`, `enactor-b`, … */
export function workerNames({ name, redundant }: Role, copies: number): readonly string[] {
  return redundant ? [...LETTERS.slice(0, copies)].map((letter) => `${name}-${letter}`) : [name];
}

/** What all workers of a role are called together in a deployment's settings: `enactors`, `janitor`. */
export function settingName({ name, redundant }: Role): string {
  return redundant ? `${name}s` : name;
}

/** What a role may do with a hosted zone; what it is not allowed is not handed to it either. */
export function zoneAccess({ batches, rateShare }: Role): 'none' | 'reads' | 'writes' {
  if (rateShare === 0) return 'none';
  return batches.length === 0 ? 'reads' : 'writes';
}
