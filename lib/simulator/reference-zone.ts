import type { Route53 } from '../emulator/route53.ts';
import { Route53Error } from '../emulator/route53-error.ts';
import type { RecordSet } from '../plan/records.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { Answer, Suspend } from './scheduler.ts';

/** What one blind write came to. */
export type BlindOutcome =
  | { readonly type: 'accepted' }
  | { readonly type: 'rejected'; readonly reason: string };

/**
 * Route 53 as the automation of 2025 used it: what is written replaces whatever stands there, and nothing in a
 * request says what its sender believed. Pawl's own port cannot say this.
 */
export interface BlindZone {
  /** Every record set of the zone, as committed. `why` is for a timeline. */
  list(why: string): Promise<readonly RecordSet[]>;
  /** One batch of UPSERTs. */
  upsert(records: readonly RecordSet[], why: string): Promise<BlindOutcome>;
  /** One batch of DELETEs of what was listed. */
  remove(records: readonly RecordSet[], why: string): Promise<BlindOutcome>;
}

/** A blind zone whose every verb suspends at the scheduler before it reaches Route 53. */
export function scheduledBlindZone(suspend: Suspend, route53: Route53, zoneId: string): BlindZone {
  const write = (site: string, action: 'UPSERT' | 'DELETE', records: readonly RecordSet[], detail: string) =>
    suspend({
      site,
      detail,
      perform: async () => change(route53, zoneId, action, records),
      unanswered: () => ({ type: 'value', value: { type: 'rejected', reason: 'no answer came' } }),
    }) as Promise<BlindOutcome>;
  return {
    list: (detail) =>
      suspend({
        site: 'zone.list',
        detail,
        perform: async () => route53.records(zoneId),
        unanswered: silent,
      }) as Promise<readonly RecordSet[]>,
    upsert: (records, why) => write('zone.upsert', 'UPSERT', records, why),
    remove: (records, why) => write('zone.delete', 'DELETE', records, why),
  };
}

function change(
  route53: Route53,
  zoneId: string,
  action: 'UPSERT' | 'DELETE',
  records: readonly RecordSet[],
): BlindOutcome {
  try {
    route53.changeResourceRecordSets(zoneId, { changes: records.map((record) => ({ action, record })) });
    return { type: 'accepted' };
  } catch (error) {
    if (!(error instanceof Route53Error)) throw error;
    return { type: 'rejected', reason: `${error.code}: ${error.message}` };
  }
}

function silent(): Answer {
  return { type: 'error', error: new ZoneUnavailable('no answer came from Route 53') };
}
