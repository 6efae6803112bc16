import type { LedgerEvent } from '../ledger/decider/events.ts';
import type { Message } from './message.ts';
import { message } from './message.ts';
import { fleetDeclared, handoverMessage, looseningDecided, orderMessage } from './order-messages.ts';
import {
  endpointRefused,
  endpointsKeptBack,
  planAppended,
  planApplied,
  planDecided,
} from './plan-messages.ts';
import { carried, fewOf, withReason } from './told-words.ts';
import { logMessage, sourcesMessage, stopMessage, zoneMessage } from './zone-messages.ts';

/** What an event says to whoever waits for it; undefined where nobody does (`UNTOLD` says why). Pure and total. */
export function toldMessage(event: LedgerEvent, cell: string): Message | undefined {
  switch (event.type) {
    case 'PlanAppended':
      return planAppended(event, cell);
    case 'PlanApproved':
    case 'PlanRejected':
      return planDecided(event, cell);
    case 'PlanApplied':
      return planApplied(event, cell);
    case 'EndpointsKeptBack':
      return endpointsKeptBack(event.endpoints, cell);
    case 'KeptBackRejected':
      return keptBackRejected(event, cell);
    case 'EndpointRefused':
      return endpointRefused(event);
    case 'FleetDeclared':
      return fleetDeclared(event, cell);
    case 'LooseningApproved':
    case 'LooseningRejected':
      return looseningDecided(event, cell);
    case 'TargetDrained':
    case 'TargetRestored':
    case 'AzEvacuated':
    case 'AzRestored':
    case 'BranchEvacuated':
    case 'BranchRestored':
      return orderMessage(event, cell);
    case 'PlannerPaused':
    case 'PlannerResumed':
    case 'CellFrozen':
    case 'CellThawed':
      return stopMessage(event, cell);
    case 'ZoneRegressed':
    case 'DriftFound':
    case 'DriftRepaired':
    case 'RescueFound':
      return zoneMessage(event, cell);
    case 'FenceAhead':
    case 'LogContradicted':
      return logMessage(event, cell);
    case 'SourcesBlind':
      return sourcesMessage(event, cell);
    case 'EndpointAdopted':
      return endpointAdopted(event);
    case 'EndpointsOffered':
    case 'OffersWithdrawn':
    case 'OffersEnded':
    case 'EndpointsGiven':
    case 'EndpointsAwaited':
    case 'EndpointsTaken':
      return handoverMessage(event, cell);
    case 'TargetsObserved':
    case 'PlanStaged':
    case 'TreesRetired':
    case 'ZoneSurveyed':
    case 'EndpointRetried':
    case 'FormatRaised':
      return undefined;
  }
}

function keptBackRejected(
  { endpoints, reason }: Extract<LedgerEvent, { readonly type: 'KeptBackRejected' }>,
  cell: string,
): Message {
  const names = endpoints.map(({ name }) => name);
  return message('KeptBackRejected', {
    generation: null,
    summary: `The change that waited for ${fewOf(names)} of cell ${cell} was declined${withReason(reason)}.`,
    next: `pawl status ${cell}`,
    fields: { names, reason: carried(reason) },
  });
}

function endpointAdopted({ name, was }: Extract<LedgerEvent, { readonly type: 'EndpointAdopted' }>): Message {
  return message('EndpointAdopted', {
    generation: null,
    summary: `${name} was adopted.`,
    next: `pawl explain ${name}`,
    fields: { name, was: was.map(carried) },
  });
}
