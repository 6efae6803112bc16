import { beginRun, enact } from '../enactor/enact.ts';
import type { EnactorDeps, EnactRequest } from '../enactor/enactor.ts';
import { serialiseCellFleet } from '../fleet/cell-fleet-codec.ts';
import type { Source } from '../fleet/sources/source.ts';
import { retire } from '../janitor/retire.ts';
import { execute } from '../ledger/execute.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { freeze } from '../operator/freeze.ts';
import type { OperatorZoneDeps } from '../operator/operator.ts';
import { rescueToRollback } from '../operator/rescue-to-rollback.ts';
import { rollback } from '../operator/rollback.ts';
import { thaw } from '../operator/thaw.ts';
import type { WriterRole } from '../plan/batch-kinds.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { fenceName } from '../plan/owned-names.ts';
import { planCell } from '../planner/plan-cell.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { guardedZone } from '../zone/guarded-zone.ts';
import type { Body, Surroundings } from './coroutine.ts';
import { watchEnactor } from './enactor-memory.ts';
import { EPOCH_MS } from './ground.ts';
import type { Suspend } from './port-call.ts';
import { watchRetries } from './retry-memory.ts';
import { scheduledClock, scheduledLedger, scheduledSource, scheduledZone } from './scheduled-ports.ts';

/** What an actor does in its one run. */
export type Role =
  | { readonly type: 'enactor'; readonly mode: EnactRequest['mode'] }
  | { readonly type: 'janitor' }
  /** Declares each of these fleets and plans it, one after the other; plans what is declared when there are none. */
  | { readonly type: 'planner'; readonly fleets: readonly CellFleet[] }
  | { readonly type: 'freeze' }
  | { readonly type: 'thaw' }
  /** To this applied generation; to the newest that differs from the goal when absent. */
  | { readonly type: 'rollback'; readonly to?: number }
  | { readonly type: 'rescue' }
  /** Any other workflow; its batches may hold what this writer's may. */
  | {
      readonly type: 'workflow';
      readonly writer: WriterRole;
      readonly perform: (deps: WorkflowDeps) => Promise<unknown>;
    };

/** What any workflow can be run with: ports that suspend, and settings under which no run ends by its deadline. */
export interface WorkflowDeps extends OperatorZoneDeps {
  /** For a port of the workflow's own. */
  readonly suspend: Suspend;
  readonly source: Source;
  readonly settings: typeof INSYNC;
  readonly deadline: Instant;
}

/** Where an actor works. */
export interface Place {
  readonly scope: CellScope;
  /** The ledger's identity. */
  readonly ledger: string;
}

/** Far enough that no simulated run ends by its deadline. */
const DEADLINE = instant(EPOCH_MS + 10 * 365 * 86_400_000);
const INSYNC = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };

/** The production workflow of a role, on ports that suspend. */
export function bodyOf(role: Role, name: string, place: Place): Body {
  const { cell } = place.scope;
  switch (role.type) {
    case 'enactor':
      return (around) => enacting(around, name, role.mode, place);
    case 'janitor':
      return (around) => retiring(around, name, place);
    case 'planner':
      return (around) => declareAndPlan(around, name, role.fleets, place);
    case 'freeze':
      return (around) =>
        freeze(retrying(around, operating(around, name, place)), { cell, reason: 'simulated' });
    case 'thaw':
      return (around) => thaw(operating(around, name, place), { cell });
    case 'rollback':
      return (around) =>
        rollback(retrying(around, operating(around, name, place)), {
          cell,
          apply: true,
          ...(role.to === undefined ? {} : { to: role.to }),
        });
    case 'rescue':
      return (around) => rescueToRollback(writing(around, name, 'rescue', place).writer);
    case 'workflow':
      return (around) => role.perform(anything(around, name, role.writer, place));
  }
}

/** An enactor, which says wherever it has forgotten all that it was told but for a little. */
function enacting(
  around: Surroundings,
  name: string,
  mode: EnactRequest['mode'],
  place: Place,
): Promise<unknown> {
  const deps = { ...writing(around, name, 'enactor', place), settings: INSYNC };
  const request = { mode, deadline: DEADLINE };
  const run = beginRun(deps, request);
  const { ledger, memory } = watchEnactor(deps.ledger, run, fenceName(place.scope));
  around.forgetAt(memory);
  return enact({ ...deps, ledger }, request, run);
}

function retiring(around: Surroundings, name: string, place: Place): Promise<unknown> {
  const deps = retrying(around, writing(around, name, 'janitor', place));
  return retire({ ...deps, settings: INSYNC }, { deadline: DEADLINE });
}

/** Says wherever a workflow has forgotten what a lost append was decided on. */
function retrying<Deps extends { readonly ledger: Ledger }>({ forgetAt }: Surroundings, deps: Deps): Deps {
  const { ledger, memory } = watchRetries(deps.ledger);
  forgetAt(memory);
  return { ...deps, ledger };
}

interface Writing {
  readonly writer: EnactorDeps['writer'];
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: typeof silentTelemetry;
}

function writing(
  { suspend, now, randomness }: Surroundings,
  name: string,
  role: WriterRole,
  { scope, ledger }: Place,
): Writing {
  const zone = guardedZone(scheduledZone(suspend, scope.zoneId), role, scope);
  return {
    writer: { zone, scope, randomness, role, name },
    ledger: scheduledLedger(suspend, ledger),
    clock: scheduledClock(suspend, now),
    telemetry: silentTelemetry,
  };
}

function operating(around: Surroundings, name: string, place: Place): OperatorZoneDeps {
  return { ...writing(around, name, 'operator', place), randomness: around.randomness, name };
}

function anything(around: Surroundings, name: string, role: WriterRole, place: Place): WorkflowDeps {
  const { suspend, randomness } = around;
  const source = scheduledSource(suspend);
  return {
    ...writing(around, name, role, place),
    suspend,
    randomness,
    name,
    source,
    settings: INSYNC,
    deadline: DEADLINE,
  };
}

async function declareAndPlan(
  { suspend, now, forgetAt }: Surroundings,
  name: string,
  fleets: readonly CellFleet[],
  { scope, ledger: id }: Place,
): Promise<unknown> {
  const { ledger, memory } = watchRetries(scheduledLedger(suspend, id));
  const clock = scheduledClock(suspend, now);
  const deps = { ledger, clock, source: scheduledSource(suspend), telemetry: silentTelemetry, name };
  const outcomes: string[] = [];
  forgetAt((call) => {
    const remembered = memory(call);
    return remembered && { known: `${outcomes.join()} ${remembered.known}` };
  });
  for (const fleet of fleets.length === 0 ? [undefined] : fleets) {
    if (fleet !== undefined) await declareFleet(ledger, fleet, clock, name);
    const { type } = await planCell(deps, { cell: scope.cell, append: true });
    outcomes.push(type);
  }
  return outcomes;
}

/** Puts a fleet into the log. */
export async function declareFleet(
  ledger: Ledger,
  fleet: CellFleet,
  clock: Clock,
  by: string,
): Promise<void> {
  const { cell, zone, zoneId, policy, endpoints, targets } = fleet;
  const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(fleet)));
  await execute(ledger, cell, { at: () => clock.now(), by }, () => ({
    type: 'FleetDeclared',
    digest,
    zone,
    zoneId,
    policy,
    endpoints: endpoints.length,
    targets: targets.length,
  }));
}
