import type {
  EndpointRefused,
  HandoverEvent,
  KeptEndpoint,
  LedgerEvent,
  OrderEvent,
  PlanAppended,
  PlanApplied,
  RefusedStep,
} from '../../ledger/decider/events.ts';
import { isHandover } from '../../ledger/decider/evolve-handover.ts';
import { looserThan } from '../../ledger/decider/loosening.ts';
import { recordedSentence } from '../../ledger/decider/recorded-finding.ts';
import { shortDigest } from '../../plan/plan.ts';
import type { PlanSummary } from '../../plan/plan-summary.ts';
import { looseningText } from '../../plan/stricter-policy.ts';
import { duration } from './moment.ts';
import type { Tone } from './paper.ts';
import { counted, tame } from './paper.ts';

const NAMES_SHOWN = 3;

/** One event in a few words, without its cell, time and writer. */
export function eventText(event: LedgerEvent): string {
  if (isHandover(event)) return handoverText(event);
  switch (event.type) {
    case 'FleetDeclared':
      return fleetDeclared(event);
    case 'TargetsObserved':
      return `${counted(event.changed, 'target')} observed to have changed, ${event.healthy} healthy`;
    case 'TargetDrained':
    case 'TargetRestored':
    case 'AzEvacuated':
    case 'AzRestored':
    case 'BranchEvacuated':
    case 'BranchRestored':
      return orderText(event);
    case 'PlanAppended':
      return planAppended(event);
    case 'PlanApproved':
      return `plan @${event.generation} approved (${shortDigest(event.digest)})`;
    case 'PlanRejected':
      return `plan @${event.generation} rejected${because(event.reason)}`;
    case 'PlanStaged':
      return `plan @${event.generation} staged: ${counted(
        event.changes.reduce((sum, { trees }) => sum + trees.length, 0),
        'tree',
      )} in ${counted(event.changes.length, 'batch', 'batches')}`;
    case 'PlanApplied':
      return planApplied(event);
    case 'TreesRetired':
      return `${counted(event.trees.length, 'tree')} retired: ${some(event.trees)}`;
    case 'ZoneSurveyed':
      return `zone surveyed: ${event.facts.records} of ${event.facts.recordLimit} records`;
    case 'DriftFound':
      return `drift found at ${counted(event.count, 'name')}: ${some(event.names)}`;
    case 'DriftRepaired':
      return event.count === 0
        ? `the zone is as planned again, fence seq ${event.seq}`
        : `drift repaired at ${counted(event.count, 'name')}${event.names.length === 0 ? '' : `: ${some(event.names)}`}, fence seq ${event.seq}`;
    case 'FormatRaised':
      return `format ${event.format} is written from here on`;
    case 'ZoneRegressed':
      return `${event.what} of ${event.name} went back: found ${tame(event.found)}, expected ${tame(event.expected)}${event.fenceSeq === undefined ? '' : `, fence seq ${event.fenceSeq}`}`;
    case 'FenceAhead':
      return `the fence was ahead, at @${event.fenceGeneration}${event.reissue === undefined ? '' : `: the goal is issued again as @${event.reissue.generation}`}`;
    case 'LogContradicted':
      return logContradicted(event);
    case 'PlannerPaused':
      return `planner paused${because(event.reason)}`;
    case 'PlannerResumed':
      return 'planner resumed';
    case 'CellFrozen':
      return `cell frozen${because(event.reason)}`;
    case 'CellThawed':
      return 'cell thawed';
    case 'EndpointAdopted':
      return `${event.name} adopted${event.was.length === 0 ? '' : `, was ${tame(event.was.join('; '))}`}`;
    case 'EndpointsKeptBack':
      return keptBackText(event.endpoints);
    case 'KeptBackRejected':
      return `the change that waits was rejected for ${some(event.endpoints.map(({ name }) => name))}${because(event.reason)}`;
    case 'EndpointRefused':
      return endpointRefused(event);
    case 'EndpointRetried':
      return `${event.name} was refused and is to be tried again at once`;
    case 'SourcesBlind':
      return sourcesBlind(event.sources);
    case 'LooseningApproved':
    case 'LooseningRejected':
      return looseningDecided(event);
    case 'RescueFound':
      return `a rescue by ${tame(event.by)} was found: plan ${event.plan}, fence seq ${event.seq}`;
  }
}

function orderText(event: OrderEvent): string {
  switch (event.type) {
    case 'TargetDrained':
      return `target ${event.target} drained${because(event.reason)}`;
    case 'TargetRestored':
      return `target ${event.target} restored`;
    case 'AzEvacuated':
      return `availability zone ${event.az} evacuated${because(event.reason)}`;
    case 'AzRestored':
      return `availability zone ${event.az} restored`;
    case 'BranchEvacuated':
      return `branch ${event.branch} evacuated${because(event.reason)}`;
    case 'BranchRestored':
      return `branch ${event.branch} restored`;
  }
}

function handoverText(event: HandoverEvent): string {
  const names = some(event.names);
  switch (event.type) {
    case 'EndpointsOffered':
      return `${names} offered to cell ${event.to}, ledger ${tame(event.ledger)}`;
    case 'OffersWithdrawn':
      return `the offer of ${names} is withdrawn`;
    case 'OffersEnded':
      return `no offer of ${names} stands any more`;
    case 'EndpointsGiven':
      return `${names} given: cell ${event.to} has taken it over, fence seq ${event.fenceSeq}`;
    case 'EndpointsAwaited':
      return event.from === null ? `${names} no longer awaited` : `${names} awaited from cell ${event.from}`;
    case 'EndpointsTaken':
      return `${names} taken over from cell ${event.from}, fence seq ${event.fenceSeq}`;
  }
}

function fleetDeclared({
  endpoints,
  targets,
  zone,
  ...declared
}: LedgerEvent & { type: 'FleetDeclared' }): string {
  const looser = looserThan(declared);
  const waits =
    looser.length === 0 ? '' : `; its looser policy waits for an approval, ${looseningText(looser)}`;
  return `fleet declared: ${counted(endpoints, 'endpoint')}, ${counted(targets, 'target')}, zone ${zone}${waits}`;
}

function looseningDecided(event: LedgerEvent & { type: 'LooseningApproved' | 'LooseningRejected' }): string {
  const said = event.type === 'LooseningApproved' ? 'approved' : `rejected${because(event.reason)}`;
  return `the looser policy (${looseningText(looserThan(event))}) was ${said}`;
}

function sourcesBlind(sources: readonly { readonly source: string; readonly reason: string }[]): string {
  if (sources.length === 0) return 'every source sees its targets again';
  const each = sources.map(({ source, reason }) => (reason === '' ? source : `${source} (${reason})`));
  return `${counted(sources.length, 'source')} cannot see targets: ${some(each)}`;
}

function logContradicted({ number, digits, found }: LedgerEvent & { type: 'LogContradicted' }): string {
  const there =
    found === undefined
      ? 'which the log does not reach'
      : `and the log has another one there (${tame(found)})`;
  return `events were lost or replaced: the fence named event ${number} (${tame(digits)}), ${there}; the log goes on from here`;
}

/** The tone that an event is printed in: it shows how much attention the event needs. */
export function eventTone(event: LedgerEvent): Tone {
  switch (event.type) {
    case 'PlanApplied':
    case 'DriftRepaired':
    case 'CellThawed':
      return 'good';
    case 'DriftFound':
    case 'ZoneRegressed':
    case 'FenceAhead':
    case 'LogContradicted':
    case 'RescueFound':
    case 'EndpointRefused':
      return 'bad';
    case 'PlanRejected':
    case 'CellFrozen':
    case 'PlannerPaused':
    case 'TargetDrained':
    case 'AzEvacuated':
    case 'BranchEvacuated':
    case 'KeptBackRejected':
    case 'LooseningApproved':
    case 'LooseningRejected':
      return 'careful';
    case 'EndpointsGiven':
    case 'EndpointsTaken':
      return 'good';
    case 'EndpointsOffered':
    case 'EndpointsAwaited':
    case 'OffersWithdrawn':
    case 'OffersEnded':
      return 'strong';
    case 'EndpointsKeptBack':
      return event.endpoints.length === 0 ? 'good' : 'careful';
    case 'SourcesBlind':
      return event.sources.length === 0 ? 'good' : 'bad';
    case 'PlanAppended':
      return event.disposition === 'held' ? 'careful' : 'strong';
    case 'TargetRestored':
    case 'AzRestored':
    case 'BranchRestored':
    case 'PlanApproved':
    case 'PlannerResumed':
    case 'EndpointAdopted':
    case 'EndpointRetried':
      return 'strong';
    case 'FleetDeclared':
      return looserThan(event).length === 0 ? 'faint' : 'careful';
    case 'TargetsObserved':
    case 'ZoneSurveyed':
    case 'PlanStaged':
    case 'TreesRetired':
    case 'FormatRaised':
      return 'faint';
  }
}

/** A plan's changes in a few words. */
export function summaryText({ added, changed, removed, removedPermille }: PlanSummary): string {
  const parts = [
    ...(added.length === 0 ? [] : [`${added.length} added (${some(added)})`]),
    ...(changed.length === 0 ? [] : [`${changed.length} changed (${some(changed)})`]),
    ...(removed.length === 0 ? [] : [`${removed.length} removed (${some(removed)})`]),
    ...(removedPermille === 0
      ? []
      : [`up to ${(removedPermille / 10).toFixed(1)} % of an endpoint's capacity goes`]),
  ];
  return parts.length === 0 ? 'nothing changes' : parts.join(', ');
}

function planAppended(event: PlanAppended): string {
  const { generation, origin, lane, disposition, findings, pausesPlanner } = event;
  const held = disposition === 'held' ? ', held for approval' : '';
  const found = findings.length === 0 ? '' : `, ${counted(findings.length, 'finding')}`;
  const urgent = lane === 'urgent' ? ', urgent' : '';
  const pauses = pausesPlanner ? ', pauses the planner' : '';
  const kept =
    event.keptBack === undefined || event.keptBack.length === 0 ? '' : `; ${keptBackText(event.keptBack)}`;
  return `plan @${generation} appended by ${origin}${urgent}${held}${pauses}${found}: ${summaryText(event.summary)}${kept}`;
}

/** Whom something stands against, and what it is: in whole sentences for one endpoint, by its codes for several. */
function keptBackText(endpoints: readonly KeptEndpoint[]): string {
  const [first, ...others] = endpoints;
  if (first === undefined) return 'no endpoint is kept back any more';
  if (others.length === 0) {
    const sentences = first.findings.map((finding) => ` ${tame(recordedSentence(finding))}`).join('');
    return `${first.name} is kept as it answers, and its change waits (${first.digest}).${sentences}`;
  }
  const each = endpoints.map(({ name, findings }) =>
    findings.length === 0 ? name : `${name} (${findings.map(({ code }) => code).join(', ')})`,
  );
  return `${counted(endpoints.length, 'endpoint')} are kept as they answer, and their changes wait: ${some(each)}`;
}

const REFUSED_AT: { readonly [Step in RefusedStep]: string } = {
  stage: "Route 53 refused to create its plan's records",
  flip: 'Route 53 refused to point it at its plan',
  repair: 'Route 53 refused to repair it',
  conflict: 'what stands in the zone forbids to write it',
};

function endpointRefused({ name, step, generation, records, reason, attempt }: EndpointRefused): string {
  const again = attempt === undefined || attempt < 2 ? '' : `, attempt ${attempt}`;
  const sets = records.length === 0 ? '' : ` (${some(records)})`;
  return `${name} stays as it answers: ${REFUSED_AT[step]}, @${generation}${again}${sets}${because(reason)}`;
}

function planApplied({ generation, seq, reason, enactor, durationMs }: PlanApplied): string {
  if (reason === 'observed') {
    return `fence found at seq ${seq} under plan @${generation}, written by ${tame(enactor)}`;
  }
  const how = { flip: 'applied', repair: 'applied again' }[reason];
  const took = durationMs === undefined ? '' : ` in ${duration(durationMs)}`;
  return `plan @${generation} ${how} by ${tame(enactor)}${took}, fence seq ${seq}`;
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${tame(reason)}`;
}

/** The first few names, and the number of the others. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map(tame).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
