import { serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';

/**
 * Declares a fleet and plans it at once, by the health that it states itself.
 *
 * @throws Error when the planner appends no plan.
 */
export async function declareAndPlan(
  { ledger, clock, name }: { readonly ledger: Ledger; readonly clock: Clock; readonly name: string },
  fleet: CellFleet,
): Promise<void> {
  const { cell, zone, zoneId, policy, endpoints, targets } = fleet;
  const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(fleet)));
  await execute(ledger, cell, { at: () => clock.now(), by: name }, () => ({
    type: 'DeclareFleet',
    ...{ digest, zone, zoneId, policy },
    endpoints: endpoints.length,
    targets: targets.length,
  }));
  const deps = { ledger, source: staticSource(), clock, telemetry: silentTelemetry, name };
  const outcome = await planCell(deps, { cell, append: true, immediate: true });
  if (outcome.type !== 'appended')
    throw new Error(`nothing was planned: ${JSON.stringify(outcome).slice(0, 500)}`);
}
