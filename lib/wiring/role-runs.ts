import { audit } from '../auditor/audit.ts';
import type { AuditOutcome } from '../auditor/auditor.ts';
import { declaredFleet } from '../cell/cell-bodies.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import { enact } from '../enactor/enact.ts';
import type { EnactOutcome } from '../enactor/enactor.ts';
import type { RetireOutcome } from '../janitor/janitor.ts';
import { retire } from '../janitor/retire.ts';
import type { Head } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { planCell } from '../planner/plan-cell.ts';
import type { PlanOutcome } from '../planner/planner.ts';
import { shownOutcome } from '../planner/shown-outcome.ts';
import type { Instant } from '../runtime/clock.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { cellLevels } from './cell-levels.ts';
import { dnsResolver } from './dns-resolver.ts';
import type { FunctionWorld } from './function-world.ts';
import type { LossStreaks } from './loss-streaks.ts';
import { watchLosses } from './loss-streaks.ts';
import type { ChooseSource } from './planning-source.ts';
import type { CellSettings } from './roles.ts';
import { auditorDeps, enactorDeps, janitorDeps, plannerDeps } from './roles.ts';
import type { VerifiableLedger } from './world.ts';

/** One run of a role in one cell. */
export interface RoleRequest {
  readonly cell: CellName;
  /** Nothing new is begun after this. */
  readonly deadline: Instant;
}

/** The cell is not this stack's, or its fleet says another zone than the stack: nothing was done. */
export interface NotServed {
  readonly type: 'not-served';
  readonly reason: string;
}

export async function runPlanner(
  world: FunctionWorld,
  { cell }: RoleRequest,
  choose: ChooseSource,
): Promise<PlanOutcome | NotServed> {
  const ground = await served(world, cell);
  if (ground.type === 'not-served') return ground;
  const { ledger, head } = ground;
  const { fleet } = head.state;
  if (fleet === null) return { type: 'idle', reason: `no fleet has been pushed for cell ${cell}` };
  const source = choose(await declaredFleet(ledger, cell, fleet.digest));
  const claimed = await claimedNames(ledger, new Set([cell]));
  const outcome = await planCell(plannerDeps(world, ledger, source), { cell, append: true, claimed });
  world.telemetry.count(METRICS.plannerRuns, 1, { cell });
  // The function logs it: of a fatal finding nothing else shows the sentence, because no plan is appended.
  return shownOutcome(outcome);
}

export async function runEnactor(
  world: FunctionWorld,
  { cell, deadline, mode }: RoleRequest & { readonly mode: 'hint' | 'sweep' },
  streaks: LossStreaks,
): Promise<EnactOutcome | NotServed> {
  const ground = await served(world, cell);
  if (ground.type === 'not-served') return ground;
  const { ledger, scope, head } = ground;
  const losses = watchLosses(world.telemetry);
  const deps = enactorDeps({ ...world, telemetry: losses.telemetry }, ledger, settingsOf(world, scope, head));
  const outcome = await enact(deps, { mode, deadline });
  world.telemetry.count(METRICS.enactorRuns, 1, { cell });
  world.telemetry.count(METRICS.fencesLost, losses.lost(), { cell });
  world.telemetry.count(METRICS.consecutiveLosses, streaks.after(cell, losses), { cell });
  const { state } = await ledger.head(cell);
  for (const [metric, level] of cellLevels(state, world.clock.now()))
    world.telemetry.count(metric, level, { cell });
  return outcome;
}

export async function runJanitor(
  world: FunctionWorld,
  { cell, deadline }: RoleRequest,
): Promise<RetireOutcome | NotServed> {
  const ground = await served(world, cell);
  if (ground.type === 'not-served') return ground;
  const { ledger, scope, head } = ground;
  const outcome = await retire(janitorDeps(world, ledger, settingsOf(world, scope, head)), { deadline });
  world.telemetry.count(METRICS.janitorRuns, 1, { cell });
  return outcome;
}

export async function runAuditor(
  world: FunctionWorld,
  { cell, deadline }: RoleRequest,
): Promise<AuditOutcome | NotServed> {
  const ground = await served(world, cell);
  if (ground.type === 'not-served') return ground;
  const { ledger, scope, head } = ground;
  const sources = world.asksDns ? { resolver: dnsResolver() } : {};
  return audit(auditorDeps(world, ledger, settingsOf(world, scope, head), sources), { deadline });
}

interface Served {
  readonly type: 'served';
  readonly ledger: VerifiableLedger;
  readonly scope: CellScope;
  readonly head: Head;
}

/**
 * A function works for the cells that its stack was given and in the zones that it was given with them: its
 * permissions say the same, and a refusal here says it in a sentence.
 */
async function served(world: FunctionWorld, cell: CellName): Promise<Served | NotServed> {
  const scope = world.cells.get(cell);
  if (scope === undefined) {
    const known = [...world.cells.keys()].join(', ');
    return {
      type: 'not-served',
      reason: `The cell ${cell} is not deployed in this stack, which serves ${known}.`,
    };
  }
  const ledger = await world.ledger();
  const head = await ledger.head(cell);
  const { fleet } = head.state;
  if (fleet === null || (fleet.zoneId === scope.zoneId && fleet.zone === scope.zone)) {
    return { type: 'served', ledger, scope, head };
  }
  return {
    type: 'not-served',
    reason: `The fleet of cell ${cell} is in the zone ${fleet.zone} (${fleet.zoneId}), and this stack serves it in ${scope.zone} (${scope.zoneId}).`,
  };
}

/** Until a fleet says otherwise: Route 53 says INSYNC long before. */
const UNKNOWN_CHANGE_MS = 600_000;

function settingsOf({ insyncPollMs }: FunctionWorld, scope: CellScope, { state }: Head): CellSettings {
  const unknownChangeMs =
    state.fleet === null ? UNKNOWN_CHANGE_MS : state.fleet.policy.unknownChangeS * 1_000;
  return { scope, insyncPollMs, unknownChangeMs };
}
