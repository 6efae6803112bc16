import { parseCellFleet } from '../fleet/cell-fleet-codec.ts';
import type { BodyDigest } from '../ledger/decider/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName, DnsName } from '../plan/names.ts';

/**
 * A fleet that the ledger holds.
 *
 * @throws BodyDamaged when it is missing or altered, InvalidValue when it is no fleet.
 */
export async function declaredFleet(ledger: Ledger, cell: CellName, digest: BodyDigest): Promise<CellFleet> {
  return parseCellFleet(JSON.parse(await ledger.getBody(cell, digest)));
}

/** Endpoint names that the ledger's cells declare, those in `besides` left out, and which cell does. */
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
