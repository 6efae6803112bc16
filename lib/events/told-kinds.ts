import type { EventType } from '../ledger/decider/events.ts';

/**
 * How much of a person's attention a message asks for. `act`: something waits for a person, or is broken. `watch`: it is
 * unusual, and goes on by itself. `know`: what was asked for went on.
 */
export type Attention = 'act' | 'watch' | 'know';

interface Kind {
  /** The event of the ledger that it tells. */
  readonly of: EventType;
  readonly attention: Attention;
  /** Who waits for it, and what it means. */
  readonly says: string;
}

/**
 * Every kind of message that leaves the ledger, by its detail-type. One event of the ledger is one message at most. The
 * names are a promise to whoever subscribes: none is renamed or given another meaning (docs/adr/0080-events-leave-by-the-herald.md).
 */
export const TOLD = {
  PlanHeld: {
    of: 'PlanAppended',
    attention: 'act',
    says: 'A plan waits for an approval: nothing of it is applied before a person approves it.',
  },
  PlanAppendedInPart: {
    of: 'PlanAppended',
    attention: 'act',
    says: 'A plan goes on without some endpoints, which answer as they did: what is asked of them waits.',
  },
  RollbackAppended: {
    of: 'PlanAppended',
    attention: 'watch',
    says: 'A person, or a rollout that stopped, went back to earlier answers; the planner is paused.',
  },
  PlanAppended: {
    of: 'PlanAppended',
    attention: 'know',
    says: 'A plan is approved and goes on to the zone.',
  },
  PlanApproved: { of: 'PlanApproved', attention: 'know', says: 'A person approved a held plan.' },
  PlanRejected: { of: 'PlanRejected', attention: 'know', says: 'A person rejected a held plan.' },
  PlanApplied: {
    of: 'PlanApplied',
    attention: 'know',
    says: 'The zone answers by this plan: whoever waits for a push waits for this.',
  },
  EndpointsKeptBack: {
    of: 'EndpointsKeptBack',
    attention: 'act',
    says: 'Endpoints answer as they did, although something else is asked for: a guard or an obstacle keeps them back.',
  },
  NothingKeptBack: {
    of: 'EndpointsKeptBack',
    attention: 'know',
    says: 'No endpoint of the cell is kept back any more.',
  },
  KeptBackRejected: {
    of: 'KeptBackRejected',
    attention: 'know',
    says: 'A person declined what waited: the endpoints stay as they are.',
  },
  EndpointRefused: {
    of: 'EndpointRefused',
    attention: 'act',
    says: 'Route 53 refuses the records of an endpoint; it is tried again ever more rarely.',
  },
  SourcesBlind: {
    of: 'SourcesBlind',
    attention: 'act',
    says: 'A source of observations cannot see, or an availability zone of leases is deaf: a target that fails now stays in DNS.',
  },
  SourcesSee: {
    of: 'SourcesBlind',
    attention: 'know',
    says: 'Every source of observations sees its targets again.',
  },
  FleetDeclared: { of: 'FleetDeclared', attention: 'know', says: 'A person or a pipeline declared a fleet.' },
  LooseningHeld: {
    of: 'FleetDeclared',
    attention: 'act',
    says: 'A declared policy is looser than the one in effect, and waits for an approval.',
  },
  LooseningApproved: {
    of: 'LooseningApproved',
    attention: 'know',
    says: 'A person accepted a looser policy.',
  },
  LooseningRejected: {
    of: 'LooseningRejected',
    attention: 'know',
    says: 'A person declined a looser policy: the stricter one stays in effect.',
  },
  TargetDrained: { of: 'TargetDrained', attention: 'know', says: 'A person takes a target out.' },
  TargetRestored: { of: 'TargetRestored', attention: 'know', says: 'A person lets a target come back.' },
  AzEvacuated: { of: 'AzEvacuated', attention: 'watch', says: 'A person takes an availability zone out.' },
  AzRestored: { of: 'AzRestored', attention: 'know', says: 'A person lets an availability zone come back.' },
  BranchEvacuated: {
    of: 'BranchEvacuated',
    attention: 'watch',
    says: 'A person takes a branch of routes out.',
  },
  BranchRestored: {
    of: 'BranchRestored',
    attention: 'know',
    says: 'A person lets a branch of routes come back.',
  },
  PlannerPaused: {
    of: 'PlannerPaused',
    attention: 'watch',
    says: 'A person, or a rollout that stopped, paused the planner: a target that fails now stays in DNS.',
  },
  PlannerResumed: { of: 'PlannerResumed', attention: 'know', says: 'The planner plans again.' },
  CellFrozen: {
    of: 'CellFrozen',
    attention: 'act',
    says: 'A cell is frozen: nobody writes to its part of the zone until a person thaws it.',
  },
  CellThawed: { of: 'CellThawed', attention: 'know', says: 'A person thawed a cell: writers work again.' },
  ZoneRegressed: {
    of: 'ZoneRegressed',
    attention: 'act',
    says: 'A fence or a root went back behind what was applied: a hand, or another program, writes to the zone.',
  },
  DriftFound: {
    of: 'DriftFound',
    attention: 'watch',
    says: 'The zone is not as the applied plan says; an enactor repairs it.',
  },
  DriftRepaired: { of: 'DriftRepaired', attention: 'know', says: 'The zone is as planned again.' },
  FenceAhead: {
    of: 'FenceAhead',
    attention: 'act',
    says: 'The fence knew more than the log: the ledger was restored, or a fence was forged.',
  },
  LogContradicted: {
    of: 'LogContradicted',
    attention: 'act',
    says: 'The log lost or replaced events that an anchor knows.',
  },
  RescueFound: {
    of: 'RescueFound',
    attention: 'act',
    says: 'Somebody repaired the zone with Route 53 alone; the cell is frozen until a person takes it up.',
  },
  EndpointAdopted: {
    of: 'EndpointAdopted',
    attention: 'know',
    says: 'A person gave Pawl a name whose record was not its own.',
  },
  EndpointsOffered: {
    of: 'EndpointsOffered',
    attention: 'know',
    says: 'A cell offers endpoints to another cell of its zone.',
  },
  OffersWithdrawn: {
    of: 'OffersWithdrawn',
    attention: 'know',
    says: 'A cell takes an offer of endpoints back.',
  },
  OffersEnded: {
    of: 'OffersEnded',
    attention: 'know',
    says: 'An offer that was taken back stands in the zone no more: the endpoints stay in their cell.',
  },
  EndpointsAwaited: {
    of: 'EndpointsAwaited',
    attention: 'know',
    says: 'A cell takes endpoints over once another cell offers them, or does so no more.',
  },
  EndpointsGiven: {
    of: 'EndpointsGiven',
    attention: 'know',
    says: "Another cell has taken the endpoints over: they are not this cell's any more.",
  },
  EndpointsTaken: {
    of: 'EndpointsTaken',
    attention: 'know',
    says: 'This cell has taken the endpoints over: they are its own.',
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** A kind of message, which is its detail-type. */
export type ToldKind = keyof typeof TOLD;

/** An event that is told as a message of one of the kinds. */
type ToldType = (typeof TOLD)[ToldKind]['of'];

/** The events of the ledger that no message tells, each with the reason why nobody waits for it. One that is in neither does not compile. */
export const UNTOLD = {
  TargetsObserved:
    'An observation changes answers by the plan that follows, and PlanAppended and PlanApplied say so; there may be many.',
  PlanStaged: 'A step on the way to PlanApplied, which nobody can act on.',
  TreesRetired: 'A janitor cleans up what nothing answers with any more.',
  ZoneSurveyed:
    'What the auditor counted for the planner; the room of a zone is a metric (ZoneFilledPercent).',
  EndpointRetried:
    'Who asked for it sees the answer, and what comes of it is PlanApplied or EndpointRefused.',
  FormatRaised: 'Who ran "pawl upgrade" sees its answer; no answer of DNS changes by it.',
} as const satisfies Readonly<Record<Exclude<EventType, ToldType>, string>>;

/** Every kind, in the order of the table. */
export const TOLD_KINDS: readonly string[] = Object.keys(TOLD);

/** Whether a text is the name of a kind. */
export function isToldKind(text: string): text is ToldKind {
  return Object.hasOwn(TOLD, text);
}

/** The kinds that ask for that much attention. */
export function kindsFor(...attentions: readonly Attention[]): readonly string[] {
  return Object.entries<Kind>(TOLD).flatMap(([kind, { attention }]) =>
    attentions.includes(attention) ? kind : [],
  );
}

/** The version of every schema. It rises when a field goes or changes its meaning; a field may be added without. */
export const TOLD_VERSION = 1;

/** The source of every message on an event bus. */
export const TOLD_SOURCE = 'pawl';
