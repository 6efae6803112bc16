import type { Writer } from '../cell/fenced-write.ts';
import { canFail, healthReadings } from '../plan/health-readings.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { isPawlsSubtree } from '../plan/owned-names.ts';
import type { RecordSet } from '../plan/records.ts';
import { zoneView } from '../plan/zone-view.ts';
import { recordsUnder } from '../zone/read-records.ts';
import { ZoneUnavailable } from '../zone/zone.ts';

/** A record of the zone that is not Pawl's, and that answers by the health of another name. */
export interface HealthReader {
  readonly name: DnsName;
  readonly type: string;
  /** Absent on a plain record, by which a routed one goes. */
  readonly setIdentifier?: string | undefined;
}

/** What goes by the health of a name. `unread`: the zone could not be listed. */
export type HealthReaders =
  | { readonly type: 'read'; readonly aliases: readonly HealthReader[] }
  | { readonly type: 'unread'; readonly reason: string };

/**
 * The foreign aliases that stop failing over from a name once Pawl answers there, because the alias at an endpoint's own
 * name does not report health: those that evaluate the name's health, and are routed or have something routed that goes by
 * them. There are none where the name cannot fail today. Lists the whole zone; that it cannot is a result.
 *
 * @param pawls names that are a cell's or become one's: no record at them counts, and none below a cell's subtree.
 */
export async function readersOfHealth(
  { zone, scope }: Pick<Writer, 'zone' | 'scope'>,
  name: DnsName,
  pawls: ReadonlySet<DnsName>,
): Promise<HealthReaders> {
  try {
    const { records } = await recordsUnder(zone, scope.zone);
    return {
      type: 'read',
      aliases: readersIn(records, scope, new Set([name]), pawls).map(({ of: _, ...by }) => by),
    };
  } catch (error) {
    if (error instanceof ZoneUnavailable) return { type: 'unread', reason: error.message };
    throw error;
  }
}

/** The same for several names, in the records of the whole zone; each with the name by whose health it goes. Pure. */
export function readersIn(
  records: readonly RecordSet[],
  scope: CellScope,
  names: ReadonlySet<DnsName>,
  pawls: ReadonlySet<DnsName>,
): readonly (HealthReader & { readonly of: DnsName })[] {
  const read = { zoneId: scope.zoneId, view: zoneView(records) };
  const taken = { has: (each: DnsName) => pawls.has(each) || isPawlsSubtree(each, scope) };
  return healthReadings(taken, read)
    .filter(({ of, type }) => names.has(of) && canFail(of, type, read))
    .map(({ of, by, type, setIdentifier }) => ({ of, name: by, type, setIdentifier }));
}
