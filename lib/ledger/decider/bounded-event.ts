import type { LedgerEvent } from './events.ts';
import { NAMES_CHARS_MAX, TEXT_CHARS_MAX } from './state.ts';

/**
 * Cuts every text and list of names that the state keeps to its bound, so that no survey of an odd zone can fill a
 * state. The counts in the event stay those of the uncut lists.
 */
export function boundedEvent(event: LedgerEvent): LedgerEvent {
  switch (event.type) {
    case 'CellFrozen':
    case 'PlannerPaused':
      return { ...event, reason: clipped(event.reason) };
    case 'ZoneRegressed':
      return { ...event, found: clipped(event.found), expected: clipped(event.expected) };
    case 'RescueFound':
      return { ...event, plan: clipped(event.plan), by: clipped(event.by) };
    case 'DriftFound':
    case 'DriftRepaired':
      return { ...event, names: fitting(event.names) };
    case 'ZoneSurveyed': {
      const { delegations, conflicts } = event.facts;
      const facts = { ...event.facts, delegations: fitting(delegations), conflicts: fitting(conflicts) };
      return { ...event, facts };
    }
    case 'EndpointRefused':
      return { ...event, reason: clipped(event.reason), records: fitting(event.records) };
    case 'KeptBackRejected':
      return { ...event, reason: clipped(event.reason) };
    case 'SourcesBlind':
      return {
        ...event,
        sources: event.sources.map(({ source, reason }) => ({ source, reason: clipped(reason) })),
      };
    case 'EndpointsKeptBack':
    case 'EndpointRetried':
    case 'FleetDeclared':
    case 'TargetsObserved':
    case 'TargetDrained':
    case 'TargetRestored':
    case 'AzEvacuated':
    case 'AzRestored':
    case 'PlanAppended':
    case 'PlanApproved':
    case 'PlanRejected':
    case 'PlanStaged':
    case 'PlanApplied':
    case 'TreesRetired':
    case 'FenceAhead':
    case 'PlannerResumed':
    case 'CellThawed':
    case 'EndpointAdopted':
    case 'FormatRaised':
      return event;
  }
}

function clipped(text: string): string {
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX - 3).toWellFormed()}...`;
}

function fitting<Name extends string>(names: readonly Name[]): readonly Name[] {
  let chars = 0;
  return names.filter((name) => {
    chars += name.length;
    return chars <= NAMES_CHARS_MAX;
  });
}
