import type { EventType } from '../../ledger/decider/events.ts';

/** The steps of the theory that an event of a type may be, or why it is none of them. */
export type EventMeaning = { readonly steps: readonly string[] } | { readonly none: string };

function none(reason: string): EventMeaning {
  return { none: reason };
}

function steps(...names: readonly string[]): EventMeaning {
  return { steps: names };
}

const ASKED = 'What is asked for is no part of the protocol; the plan that follows is.';
const SHOWN = 'It tells people and planners of the zone, and no guard asks for it.';

/**
 * Each type of event, with what it may be. An event of a type without a step leaves alone all that the theory knows of
 * the log. What the log forgets is no step either: guards only ever ask for what it has.
 */
export const EVENT_MEANINGS: Readonly<Record<EventType, EventMeaning>> = {
  FleetDeclared: none(ASKED),
  LooseningApproved: none(ASKED),
  LooseningRejected: none(ASKED),
  TargetsObserved: none(ASKED),
  TargetDrained: none(ASKED),
  TargetRestored: none(ASKED),
  AzEvacuated: none(ASKED),
  AzRestored: none(ASKED),
  BranchEvacuated: none(ASKED),
  BranchRestored: none(ASKED),
  SourcesBlind: none(ASKED),
  EndpointsKeptBack: none(ASKED),
  KeptBackRejected: none(ASKED),
  EndpointRetried: none(ASKED),
  PlannerPaused: none(ASKED),
  PlannerResumed: none(ASKED),
  PlanAppended: steps('append-plan'),
  // Without a goal to append again it only says which generations were seen.
  FenceAhead: steps('append-plan'),
  PlanApproved: steps('give-up-plan'),
  PlanRejected: none('A rejected plan stays the newest, and wanted, until another one is.'),
  // A staging that is recorded late may make a plan wanted again that had given way.
  PlanStaged: steps('record-staging', 'append-plan'),
  PlanApplied: steps('record-fence', 'record-applied', 'give-up-plan'),
  EndpointRefused: steps('give-up-plan'),
  TreesRetired: steps('retire', 'give-up-plan'),
  ZoneSurveyed: none(SHOWN),
  DriftFound: none(SHOWN),
  DriftRepaired: none(SHOWN),
  ZoneRegressed: none(SHOWN),
  LogContradicted: none('In the theory a log loses nothing.'),
  CellFrozen: none('A freeze is the fence that it writes; the log only asks for it.'),
  CellThawed: none('A thaw is the fence that it writes; the log only asks for it.'),
  EndpointAdopted: steps('adopt'),
  RescueFound: none('The step is the batch of the rescue; the log learns which generations were seen.'),
  FormatRaised: none('The theory has no formats.'),
  EndpointsOffered: steps('let-go'),
  OffersWithdrawn: none('What is withdrawn the other cell may have until the offer is ended.'),
  OffersEnded: steps('end-offer'),
  EndpointsGiven: none('What is given was let go before.'),
  EndpointsAwaited: none('What a cell may take the offer in the zone says.'),
  EndpointsTaken: steps('end-offer'),
};
