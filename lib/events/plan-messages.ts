import type {
  EndpointRefused,
  KeptEndpoint,
  LedgerEvent,
  PlanAppended,
  PlanApplied,
} from '../ledger/decider/events.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import { shortDigest } from '../plan/plan.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import type { Message } from './message.ts';
import { message } from './message.ts';
import { carried, fewOf, keptFields, withReason } from './told-words.ts';

/** A plan in the log: held, going on without some endpoints, going back, or simply going on. */
export function planAppended(event: PlanAppended, cell: string): Message {
  const { generation, origin, lane, findings, summary, keptBack = [] } = event;
  const digest = shortDigest(event.digest);
  const { added, changed, removed, removedPermille } = summary;
  const fields = {
    ...{ digest, origin, urgent: lane === 'urgent', removedPermille },
    ...{ added: [...added], changed: [...changed], removed: [...removed] },
    findings: findings.map((finding) => carried(recordedSentence(finding))),
    keptBack: keptFields(keptBack),
  };
  const plan = `Plan ${cell}@${generation}`;
  const what = changesText(summary);
  if (event.disposition === 'held')
    return message('PlanHeld', {
      generation,
      summary: `${plan} waits for an approval: ${what}.`,
      next: `pawl plan approve ${cell}@${generation} --digest ${digest}`,
      fields,
    });
  if (origin === 'rollback')
    return message('RollbackAppended', {
      generation,
      summary: `${plan} goes back to earlier answers: ${what}.`,
      next: `pawl plan show ${cell}@${generation}`,
      fields,
    });
  if (keptBack.length > 0)
    return message('PlanAppendedInPart', {
      generation,
      summary: `${plan} goes on (${what}) without ${fewOf(keptBack.map(({ name }) => name))}, kept back.`,
      next: `pawl plan approve ${cell}`,
      fields,
    });
  return message('PlanAppended', {
    generation,
    summary: `${plan} is approved and goes on: ${what}.`,
    next: `pawl plan show ${cell}@${generation}`,
    fields,
  });
}

function changesText({ added, changed, removed, removedPermille }: PlanSummary): string {
  const parts = [
    ...(added.length === 0 ? [] : [`${added.length} added (${fewOf(added)})`]),
    ...(changed.length === 0 ? [] : [`${changed.length} changed (${fewOf(changed)})`]),
    ...(removed.length === 0 ? [] : [`${removed.length} removed (${fewOf(removed)})`]),
    ...(removedPermille === 0
      ? []
      : [`up to ${(removedPermille / 10).toFixed(1)} % of an endpoint's capacity goes`]),
  ];
  return parts.length === 0 ? 'nothing changes' : parts.join(', ');
}

export function planDecided(
  event: Extract<LedgerEvent, { readonly type: 'PlanApproved' | 'PlanRejected' }>,
  cell: string,
): Message {
  const { generation } = event;
  const plan = `Plan ${cell}@${generation}`;
  const next = `pawl plan show ${cell}@${generation}`;
  switch (event.type) {
    case 'PlanApproved': {
      const digest = shortDigest(event.digest);
      return message('PlanApproved', {
        ...{ generation, next, summary: `${plan} was approved (${digest}).` },
        fields: { digest },
      });
    }
    case 'PlanRejected':
      return message('PlanRejected', {
        ...{ generation, next, summary: `${plan} was rejected${withReason(event.reason)}.` },
        fields: { reason: carried(event.reason) },
      });
  }
}

const APPLIED = {
  flip: 'is applied',
  repair: 'is applied again',
  observed: 'was found in the zone',
} as const;

export function planApplied(event: PlanApplied, cell: string): Message {
  const { generation, seq, reason, endpoints, without = [], durationMs = null } = event;
  const short = without.length === 0 ? '' : `, without ${fewOf(without)}, which cannot be repaired`;
  return message('PlanApplied', {
    generation,
    summary: `Plan ${cell}@${generation} ${APPLIED[reason]} under fence ${seq}${short}.`,
    next: `pawl status ${cell}`,
    fields: {
      ...{ digest: shortDigest(event.digest), fenceSeq: seq, how: reason, durationMs },
      ...{ endpoints: [...endpoints], without: [...without] },
    },
  });
}

/** What is kept back changed, and no plan followed. */
export function endpointsKeptBack(endpoints: readonly KeptEndpoint[], cell: string): Message {
  if (endpoints.length === 0)
    return message('NothingKeptBack', {
      generation: null,
      summary: `No endpoint of cell ${cell} is kept back any more.`,
      next: `pawl status ${cell}`,
      fields: {},
    });
  const keptBack = keptFields(endpoints);
  const [first] = keptBack;
  const why = keptBack.length === 1 && first?.why[0] !== undefined ? `: ${first.why[0]}` : '.';
  const who = fewOf(keptBack.map(({ name }) => name));
  return message('EndpointsKeptBack', {
    generation: null,
    summary: `Kept back in cell ${cell}, and answering as before: ${who}${why}`,
    next: `pawl plan approve ${cell}`,
    fields: { keptBack },
  });
}

const REFUSED_AT = {
  stage: "Route 53 refused to create its plan's records",
  flip: 'Route 53 refused to point it at its plan',
  repair: 'Route 53 refused to repair it',
  conflict: 'what stands in the zone forbids to write it',
} as const;

export function endpointRefused(event: EndpointRefused): Message {
  const { name, step, generation, records, attempt = null } = event;
  return message('EndpointRefused', {
    generation,
    summary: `${name} stays as it answers: ${REFUSED_AT[step]}${withReason(event.reason)}.`,
    next: `pawl retry ${name}`,
    fields: { name, step, records: records.map(carried), reason: carried(event.reason), attempt },
  });
}
