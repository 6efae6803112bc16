import type { Writer } from '../cell/fenced-write.ts';
import type { WriterRole } from '../plan/batch-kinds.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { guardedZone } from '../zone/guarded-zone.ts';
import type { World } from './world.ts';

/** Writes as one role to one cell's zone, with every batch asserted against what that role may send. */
export function zoneWriter(
  world: Pick<World, 'zone' | 'randomness' | 'operator'>,
  role: WriterRole,
  scope: CellScope,
): Writer {
  const zone = guardedZone(world.zone(scope.zoneId), role, scope);
  return { zone, scope, randomness: world.randomness, role, name: world.operator };
}
