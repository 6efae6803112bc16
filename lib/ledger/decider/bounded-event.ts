import { withinBytes } from './bounded-list.ts';
import type { KeptEndpoint, LedgerEvent } from './events.ts';
import {
  BLIND_MAX,
  EVENT_KEPT_BYTES_MAX,
  NAMES_CHARS_MAX,
  SOURCE_CHARS_MAX,
  TEXT_CHARS_MAX,
  WORDS_CHARS_MAX,
} from './state.ts';

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
      return { ...event, reason: clipped(event.reason, WORDS_CHARS_MAX), records: fitting(event.records) };
    case 'KeptBackRejected':
    case 'LooseningRejected':
      return { ...event, reason: clipped(event.reason) };
    case 'SourcesBlind':
      return { ...event, sources: boundedSources(event.sources) };
    case 'EndpointsKeptBack':
      return { ...event, endpoints: boundedKept(event.endpoints) };
    case 'PlanAppended':
      return event.keptBack === undefined ? event : { ...event, keptBack: boundedKept(event.keptBack) };
    case 'EndpointRetried':
    case 'FleetDeclared':
    case 'TargetsObserved':
    case 'TargetDrained':
    case 'TargetRestored':
    case 'AzEvacuated':
    case 'AzRestored':
    case 'BranchEvacuated':
    case 'BranchRestored':
    case 'PlanApproved':
    case 'PlanRejected':
    case 'PlanStaged':
    case 'PlanApplied':
    case 'TreesRetired':
    case 'FenceAhead':
    case 'LogContradicted':
    case 'LooseningApproved':
    case 'PlannerResumed':
    case 'CellThawed':
    case 'EndpointAdopted':
    case 'FormatRaised':
    case 'EndpointsOffered':
    case 'OffersWithdrawn':
    case 'OffersEnded':
    case 'EndpointsGiven':
    case 'EndpointsAwaited':
    case 'EndpointsTaken':
      return event;
  }
}

/** One of each name. A state remembers so many, and `decide` compares the event with the state. */
function boundedSources(
  sources: (LedgerEvent & { readonly type: 'SourcesBlind' })['sources'],
): (LedgerEvent & { readonly type: 'SourcesBlind' })['sources'] {
  const reasons = new Map(
    sources.map(({ source, reason }) => [clipped(source, SOURCE_CHARS_MAX), clipped(reason)]),
  );
  return [...reasons]
    .map(([source, reason]) => ({ source, reason }))
    .sort((a, b) => (a.source < b.source ? -1 : 1))
    .slice(0, BLIND_MAX);
}

/** In order of name. Where everything waits for a long reason, some endpoints are named without theirs. */
function boundedKept(endpoints: readonly KeptEndpoint[]): readonly KeptEndpoint[] {
  const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return withinBytes(sorted, (entry) => [entry, { ...entry, findings: [] }], EVENT_KEPT_BYTES_MAX);
}

function clipped(text: string, charsMax = TEXT_CHARS_MAX): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 3).toWellFormed()}...`;
}

function fitting<Name extends string>(names: readonly Name[]): readonly Name[] {
  let chars = 0;
  return names.filter((name) => {
    chars += name.length;
    return chars <= NAMES_CHARS_MAX;
  });
}
