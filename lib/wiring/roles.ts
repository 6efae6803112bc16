import type { Writer } from '../apply/fenced-write.ts';
import type { EnactorDeps } from '../enactor/enactor.ts';
import type { Source } from '../fleet/sources/source.ts';
import type { JanitorDeps } from '../janitor/janitor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WriterRole } from '../plan/batch-kinds.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { PlannerDeps } from '../planner/planner.ts';
import { guardedZone } from '../zone/guarded-zone.ts';
import type { World } from './world.ts';

/** What a role needs of a world; its ledger is opened before. */
type Ground = Pick<World, 'zone' | 'clock' | 'randomness' | 'telemetry' | 'operator'>;

/** Writes as one role to one cell's zone, with every batch asserted against what that role may send. */
export function zoneWriter(
  world: Pick<World, 'zone' | 'randomness' | 'operator'>,
  role: WriterRole,
  scope: CellScope,
): Writer {
  const zone = guardedZone(world.zone(scope.zoneId), role, scope);
  return { zone, scope, randomness: world.randomness, role, name: world.operator };
}

export interface CellSettings {
  readonly scope: CellScope;
  /** Between two questions whether a change is INSYNC, milliseconds. */
  readonly insyncPollMs: number;
  /** From this age on a change that Route 53 does not know counts as INSYNC, milliseconds. */
  readonly unknownChangeMs: number;
}

export function enactorDeps(world: Ground, ledger: Ledger, cell: CellSettings): EnactorDeps {
  const { clock, telemetry } = world;
  const { insyncPollMs, unknownChangeMs } = cell;
  const writer = zoneWriter(world, 'enactor', cell.scope);
  return { writer, ledger, clock, telemetry, settings: { insyncPollMs, unknownChangeMs } };
}

export function janitorDeps(world: Ground, ledger: Ledger, cell: CellSettings): JanitorDeps {
  const { clock, telemetry } = world;
  const writer = zoneWriter(world, 'janitor', cell.scope);
  return { writer, ledger, clock, telemetry, settings: { unknownChangeMs: cell.unknownChangeMs } };
}

/** A planner has no zone: nothing of Route 53 is handed to it. */
export function plannerDeps(
  { clock, telemetry, operator }: Pick<World, 'clock' | 'telemetry' | 'operator'>,
  ledger: Ledger,
  source: Source,
): PlannerDeps {
  return { ledger, source, clock, telemetry, name: operator };
}
