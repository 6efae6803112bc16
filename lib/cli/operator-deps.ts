import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorDeps, OperatorZoneDeps } from '../operator/operator.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { World } from '../wiring/world.ts';
import { zoneWriter } from '../wiring/zone-writer.ts';

/** What an operator's verb works with in a world. */
export function operatorDeps(world: World, ledger: Ledger): OperatorDeps {
  const { clock, randomness, telemetry, operator } = world;
  return { ledger, clock, randomness, telemetry, name: operator };
}

/** The same for a verb that writes to the cell's zone. */
export function operatorZoneDeps(world: World, ledger: Ledger, scope: CellScope): OperatorZoneDeps {
  return { ...operatorDeps(world, ledger), writer: zoneWriter(world, 'operator', scope) };
}
