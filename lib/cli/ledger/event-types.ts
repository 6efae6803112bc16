import type { EventType } from '../../ledger/decider/events.ts';

/** Complete by its type: a new event that is not named here does not compile. */
const TYPES: Readonly<Record<EventType, true>> = {
  FleetDeclared: true,
  TargetsObserved: true,
  TargetDrained: true,
  TargetRestored: true,
  AzEvacuated: true,
  AzRestored: true,
  PlanAppended: true,
  PlanApproved: true,
  PlanRejected: true,
  PlanStaged: true,
  PlanApplied: true,
  TreesRetired: true,
  ZoneSurveyed: true,
  DriftFound: true,
  DriftRepaired: true,
  ZoneRegressed: true,
  FenceAhead: true,
  PlannerPaused: true,
  PlannerResumed: true,
  CellFrozen: true,
  CellThawed: true,
  EndpointAdopted: true,
  RescueFound: true,
};

/** Every type of event, for a person to choose from. */
export const EVENT_TYPES = Object.keys(TYPES) as readonly EventType[];
