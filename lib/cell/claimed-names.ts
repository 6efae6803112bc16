import type { Ledger } from '../ledger/ledger.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { declaredFleet } from './cell-bodies.ts';

/** The endpoint names that the ledger's cells declare, each with its cell; the cells in `besides` are left out. */
export async function claimedNames(
  ledger: Ledger,
  besides: ReadonlySet<CellName>,
): Promise<ReadonlyMap<DnsName, CellName>> {
  const claimed = new Map<DnsName, CellName>();
  for (const cell of await ledger.cells()) {
    if (besides.has(cell)) continue;
    const { fleet } = (await ledger.head(cell)).state;
    if (fleet === null) continue;
    const { endpoints } = await declaredFleet(ledger, cell, fleet.digest);
    for (const { name } of endpoints) claimed.set(name, cell);
  }
  return claimed;
}
