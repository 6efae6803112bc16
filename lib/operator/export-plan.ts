import type { Writer } from '../cell/fenced-write.ts';
import type { Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';
import { readForRescue } from './rescue-reading.ts';
import type { ZonePlan } from './zone-plan.ts';
import { planFromZone } from './zone-plan.ts';

export interface ExportRequest {
  /** Also endpoints of which only trees are left, neither a root nor a rollback root. */
  readonly orphans?: boolean;
}

/** Readings at most. One is repeated when the fence moves in between; a busy cell moves it a few times a minute. */
const READS_MAX = 8;

/**
 * Rebuilds a plan file from the zone's own trees, with Route 53 alone. Writes nothing.
 *
 * @throws ZoneUnavailable when Route 53 cannot be read.
 */
export async function exportPlan(writer: Writer, request: ExportRequest): Promise<Outcome<ZonePlan>> {
  const { scope } = writer;
  for (let reads = 1; reads <= READS_MAX; reads += 1) {
    const read = await readForRescue(writer, 0);
    if (read === 'moved') continue;
    const found = planFromZone({ scope, ...read, orphans: request.orphans === true });
    if (found.plan.endpoints.length > 0) return { type: 'done', ...found };
    return refused(`The zone ${scope.zone} holds no trees of cell ${scope.cell} to rebuild a plan from.`);
  }
  return unknown(`The fence of cell ${scope.cell} moved at every one of ${READS_MAX} reads: try again.`);
}
