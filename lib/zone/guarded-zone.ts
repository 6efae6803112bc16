import type { WriterRole } from '../plan/batch-kinds.ts';
import { assertBatch } from '../plan/batch-kinds.ts';
import { invariant } from '../plan/invariant.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Zone } from './zone.ts';

/**
 * The same zone for one role in one cell. It asserts every batch before sending it, whatever the workflow has checked.
 *
 * @throws InvariantViolated from `change`, with nothing sent, when a batch holds what its kind or role may not.
 */
export function guardedZone(zone: Zone, role: WriterRole, scope: CellScope): Zone {
  return {
    id: zone.id,
    listRecords: (start, limit) => zone.listRecords(start, limit),
    changeStatus: (changeId) => zone.changeStatus(changeId),
    describe: () => zone.describe(),
    change: async (batch) => {
      invariant(batch.kind !== 'scratch', `the ${role} may not write scratch records`);
      invariant(zone.id === scope.zoneId, `cell ${scope.cell} does not live in the zone ${zone.id}`);
      assertBatch(batch.kind, role, batch.changes, scope);
      return await zone.change(batch);
    },
  };
}
