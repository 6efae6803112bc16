import { InvariantViolated } from '../plan/invariant.ts';
import type { Zone } from './zone.ts';

/** The same zone for a role that only reads. @throws InvariantViolated from `change`, with nothing sent. */
export function readOnlyZone(zone: Zone): Zone {
  return {
    id: zone.id,
    listRecords: (start, limit) => zone.listRecords(start, limit),
    changeStatus: (changeId) => zone.changeStatus(changeId),
    describe: () => zone.describe(),
    change: async (batch) => {
      throw new InvariantViolated(`a role that only reads may not send a ${batch.kind} batch`);
    },
  };
}
