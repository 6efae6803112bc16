import { parseCellFleet } from '../fleet/cell-fleet-codec.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName, DnsName } from '../plan/names.ts';

/** The endpoint names that the other cells of the ledger declare, and who declares them. */
export async function claimedNames(
  ledger: Ledger,
  cell: CellName,
  cells: readonly CellName[],
): Promise<ReadonlyMap<DnsName, CellName>> {
  const claimed = new Map<DnsName, CellName>();
  for (const other of cells) {
    if (other === cell) continue;
    const { fleet } = (await ledger.head(other)).state;
    if (fleet === null) continue;
    const { endpoints } = parseCellFleet(JSON.parse(await ledger.getBody(other, fleet.digest)));
    for (const { name } of endpoints) claimed.set(name, other);
  }
  return claimed;
}
