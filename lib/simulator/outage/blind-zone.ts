import { invariant } from '../../plan/invariant.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { Change, RecordSet } from '../../plan/records.ts';
import type { ChangeOutcome } from '../../zone/zone.ts';
import { ZoneUnavailable } from '../../zone/zone.ts';
import type { Answer, Backends, Suspend } from '../ports/port-call.ts';

/**
 * Route 53 as the automation of 2025 used it: a write replaces whatever stands there, and no request states what its
 * sender assumed. Pawl's own port cannot express such a write.
 */
export interface BlindZone {
  /** Every record set of the zone, as committed. `why` is a text for the timeline. */
  list(why: string): Promise<readonly RecordSet[]>;
  /** One batch of UPSERTs. */
  upsert(records: readonly RecordSet[], why: string): Promise<ChangeOutcome>;
  /** One batch of DELETEs of records that were listed. */
  remove(records: readonly RecordSet[], why: string): Promise<ChangeOutcome>;
}

type BlindAction = 'UPSERT' | 'DELETE';

/** The number of records in one page. The simulated zones of the reference runs are smaller. */
const PAGE_RECORDS = 300;

/** A blind zone whose every verb suspends before its request takes effect. */
export function suspendingBlindZone(suspend: Suspend, scope: CellScope): BlindZone {
  const write = (site: string, action: BlindAction, records: readonly RecordSet[], detail: string) =>
    suspend({
      site,
      detail,
      effect: 'write',
      perform: ({ zone }) => zone.change(blindBatch(action, records, detail)),
      unanswered: nobodyKnows,
      refused: silent,
    }) as Promise<ChangeOutcome>;
  return {
    list: (detail) =>
      suspend({
        site: 'zone.list',
        detail,
        effect: 'read',
        perform: (backends) => listAll(backends, scope),
        unanswered: silent,
        refused: silent,
      }) as Promise<readonly RecordSet[]>,
    upsert: (records, why) => write('zone.upsert', 'UPSERT', records, why),
    remove: (records, why) => write('zone.delete', 'DELETE', records, why),
  };
}

/** The port's own type has no UPSERT, on purpose. The emulator behind it knows every action of Route 53. */
function blindBatch(action: BlindAction, records: readonly RecordSet[], comment: string) {
  const changes = records.map((record) => ({ action, record })) as unknown as readonly Change[];
  return { kind: 'scratch', changes, comment } as const;
}

async function listAll({ zone }: Backends, scope: CellScope): Promise<readonly RecordSet[]> {
  const { records, next } = await zone.listRecords({ name: scope.zone }, PAGE_RECORDS);
  invariant(next === undefined, 'the reference enactor reads zones of one page only');
  return records;
}

function nobodyKnows(): Answer {
  return { type: 'value', value: { type: 'unknown', reason: 'no answer came' } };
}

function silent(): Answer {
  return { type: 'error', error: new ZoneUnavailable('no answer came from Route 53') };
}
