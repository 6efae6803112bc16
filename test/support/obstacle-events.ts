import type { EndpointRefused, KeptEndpoint, LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Finding } from '../../lib/plan/findings.ts';
import { generation } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';

/** From this event on a cell is written in format 3, whose events say what stands in an endpoint's way. */
export const SINCE_3: LedgerEvent = { type: 'FormatRaised', format: 3 };
/** From this event on a log can say that an anchor contradicts it. */
export const SINCE_4: LedgerEvent = { type: 'FormatRaised', format: 4 };

/** An endpoint that is kept back because too few targets would serve. */
export function kept(label: string, digest = 'aaaaaaaaaaaa'): KeptEndpoint {
  const name = dnsName(`${label}.example.test`);
  const finding: Finding = { code: 'under-floor', severity: 'held', subject: name, serving: 1, floor: 2 };
  return { name, digest, findings: [finding] };
}

export function keptBack(...endpoints: readonly KeptEndpoint[]): LedgerEvent & { type: 'EndpointsKeptBack' } {
  return { type: 'EndpointsKeptBack', endpoints };
}

export function rejected(...endpoints: readonly KeptEndpoint[]): LedgerEvent & { type: 'KeptBackRejected' } {
  return {
    type: 'KeptBackRejected',
    endpoints: endpoints.map(({ name, digest }) => ({ name, digest })),
    reason: 'not today',
  };
}

export function refusal(label: string, number: number, more: Partial<EndpointRefused> = {}): EndpointRefused {
  return {
    type: 'EndpointRefused',
    name: dnsName(`${label}.example.test`),
    step: 'flip',
    generation: generation(number),
    records: [`${label}.example.test A`],
    reason: 'It is protected.',
    batches: 7,
    ...more,
  };
}

export function retried(label: string): LedgerEvent & { type: 'EndpointRetried' } {
  return { type: 'EndpointRetried', name: dnsName(`${label}.example.test`) };
}

/** These sources are throttled. */
export function blind(...sources: readonly string[]): LedgerEvent & { type: 'SourcesBlind' } {
  return { type: 'SourcesBlind', sources: sources.map((source) => ({ source, reason: 'throttled' })) };
}
