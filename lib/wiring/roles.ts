import type { AuditorDeps } from '../auditor/auditor.ts';
import { DEFAULT_RECORD_LIMIT } from '../auditor/auditor.ts';
import type { Resolver } from '../auditor/resolver.ts';
import type { Writer } from '../cell/fenced-write.ts';
import type { EnactorDeps } from '../enactor/enactor.ts';
import type { Source } from '../fleet/sources/source.ts';
import type { JanitorDeps } from '../janitor/janitor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WriterRole } from '../plan/batch-kinds.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { PlannerDeps } from '../planner/planner.ts';
import { guardedZone } from '../zone/guarded-zone.ts';
import { readOnlyZone } from '../zone/read-only-zone.ts';
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

export interface AuditorSources {
  /** Where empty answers are looked for; without it nobody is asked. */
  readonly resolver?: Resolver;
  /** Record sets that the zone may hold; what a hosted zone holds unless AWS raised it, when absent. */
  readonly recordLimit?: number;
}

/** An auditor has a zone that cannot be written to. */
export function auditorDeps(
  world: Ground,
  ledger: Ledger,
  { scope, unknownChangeMs }: Pick<CellSettings, 'scope' | 'unknownChangeMs'>,
  { resolver, recordLimit = DEFAULT_RECORD_LIMIT }: AuditorSources = {},
): AuditorDeps {
  const { clock, telemetry, operator } = world;
  const zone = readOnlyZone(world.zone(scope.zoneId));
  const settings = { recordLimit, unknownChangeMs };
  const asks = resolver === undefined ? {} : { resolver };
  return { zone, scope, ledger, clock, telemetry, name: operator, settings, ...asks };
}

/** A planner has no zone: nothing of Route 53 is handed to it. */
export function plannerDeps(
  { clock, telemetry, operator }: Pick<World, 'clock' | 'telemetry' | 'operator'>,
  ledger: Ledger,
  source: Source,
): PlannerDeps {
  return { ledger, source, clock, telemetry, name: operator };
}
