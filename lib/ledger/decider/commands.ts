import type { EventType, LedgerEvent } from './events.ts';

/** The command that asks for each event. Complete by its type: an event that nobody can ask for does not compile. */
export const COMMAND_OF = {
  FleetDeclared: 'DeclareFleet',
  TargetsObserved: 'RecordObservations',
  TargetDrained: 'DrainTarget',
  TargetRestored: 'RestoreTarget',
  AzEvacuated: 'EvacuateAz',
  AzRestored: 'RestoreAz',
  BranchEvacuated: 'EvacuateBranch',
  BranchRestored: 'RestoreBranch',
  PlanAppended: 'AppendPlan',
  PlanApproved: 'ApprovePlan',
  PlanRejected: 'RejectPlan',
  PlanStaged: 'RecordStaging',
  PlanApplied: 'RecordApplied',
  TreesRetired: 'RetireTrees',
  ZoneSurveyed: 'RecordSurvey',
  DriftFound: 'ReportDrift',
  DriftRepaired: 'RecordRepair',
  ZoneRegressed: 'ReportRegression',
  FenceAhead: 'CatchUpWithFence',
  LogContradicted: 'ReportContradiction',
  PlannerPaused: 'PausePlanner',
  PlannerResumed: 'ResumePlanner',
  CellFrozen: 'FreezeCell',
  CellThawed: 'ThawCell',
  EndpointAdopted: 'AdoptEndpoint',
  RescueFound: 'RecordRescue',
  FormatRaised: 'RaiseFormat',
  EndpointsKeptBack: 'KeepBack',
  KeptBackRejected: 'RejectKeptBack',
  EndpointRefused: 'RecordRefusal',
  EndpointRetried: 'RetryEndpoint',
  SourcesBlind: 'ReportBlindness',
  LooseningApproved: 'ApproveLoosening',
  LooseningRejected: 'RejectLoosening',
  EndpointsOffered: 'OfferEndpoints',
  OffersWithdrawn: 'WithdrawOffers',
  OffersEnded: 'EndOffers',
  EndpointsGiven: 'RecordGiven',
  EndpointsAwaited: 'AwaitEndpoints',
  EndpointsTaken: 'RecordTaken',
} as const satisfies Readonly<Record<EventType, string>>;

type CommandOf = typeof COMMAND_OF;
/** The event that a command asks for. */
type EventOf = { readonly [Type in EventType as CommandOf[Type]]: Type };

/** The event that each command asks for: `COMMAND_OF`, read the other way. */
export const EVENT_OF = Object.fromEntries(
  Object.entries(COMMAND_OF).map(([event, command]) => [command, event]),
) as EventOf;

type Asking<Event extends LedgerEvent> = {
  readonly [Key in keyof Event]: Key extends 'type' ? CommandOf[Event['type']] : Event[Key];
};

type Commands = { readonly [Type in EventType]: Asking<Extract<LedgerEvent, { readonly type: Type }>> };

/**
 * What a role or a person asks the ledger to record, with the facts that they know. An event says what has happened; a
 * command may still be refused, or may ask for an event that the log already holds. Only `decide` makes events, and
 * only from commands. See docs/adr/0036-commands-are-not-events.md.
 */
export type Command = Commands[EventType];

export type CommandType = Command['type'];

/** One kind of command: `CommandNamed<'ApprovePlan'>`. */
export type CommandNamed<Type extends CommandType> = Extract<Command, { readonly type: Type }>;

/** The event that a command asks for, before `decide` judges it. `EVENT_OF` makes the types of the two match. */
export function eventOf<Type extends CommandType>(
  command: CommandNamed<Type>,
): Extract<LedgerEvent, { readonly type: EventOf[Type] }>;
export function eventOf(command: Command): LedgerEvent {
  return { ...command, type: EVENT_OF[command.type] } as LedgerEvent;
}
