import { fleetBody } from '../../lib/cell/cell-bodies.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { asking } from './ledger-events.ts';

const DECLARED_AT = 1_760_000_000_000;

/** Declares a fleet in its cell, as a push does, and throws where the ledger refuses it. */
export async function declareIn(ledger: Ledger, fleet: CellFleet): Promise<void> {
  const { cell, zone, zoneId, policy, endpoints, targets } = fleet;
  const digest = await ledger.putBody(cell, fleetBody(fleet));
  const counts = { endpoints: endpoints.length, targets: targets.length };
  const head = await ledger.head(cell);
  const at = DECLARED_AT + head.number;
  const outcome = await execute(ledger, cell, { at: () => at, by: 'operator' }, () =>
    asking({ type: 'FleetDeclared', digest, zone, zoneId, policy, ...counts }),
  );
  if (outcome.type !== 'appended') throw new Error(`The fleet of ${cell} was not declared: ${outcome.type}.`);
}
