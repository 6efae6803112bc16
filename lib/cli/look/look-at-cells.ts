import { claimsForShow } from '../../cell/claimed-names.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { eachAtOnce } from '../../runtime/at-once.ts';
import { plannerDeps } from '../../wiring/run-planner.ts';
import type { World } from '../../wiring/world.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../zone/zone.ts';
import { typedSource } from '../command/typed-source.ts';
import type { DampedTarget } from '../printing/damped-targets.ts';
import { dampedTargets } from '../printing/damped-targets.ts';
import { askedOfCell } from './asked-of-cell.ts';
import type { AwaitedRoom } from './awaited-room.ts';
import { awaitedRoom } from './awaited-room.ts';
import type { CellStatus } from './cell-status.ts';
import { cellStatus, seeFence } from './cell-status.ts';

/** Cells that are looked at at the same time. */
const CELLS_AT_ONCE = 16;

/** A cell, with whether its zone is private, so that its answers are not asked; null when that is not known. */
export interface ShownCell extends CellStatus {
  /** Targets that came and went, are healthy, and wait. */
  readonly damped: readonly DampedTarget[];
  readonly privateZone: boolean | null;
  /** What the goal has no room for; null where it has. */
  readonly awaitedRoom: AwaitedRoom | null;
}

/** By the id of the zone. */
export type KnownPrivacy = Map<string, boolean>;

/** What a look at cells needs of a world. */
export type LookedAt = Pick<World, 'clock' | 'telemetry' | 'operator' | 'zone'>;

/** The status of these cells, in their order: several are looked at at once. */
export async function lookAtCells(
  world: LookedAt,
  ledger: Ledger,
  names: readonly CellName[],
  known: KnownPrivacy = new Map(),
): Promise<readonly ShownCell[]> {
  const claims = claimsForShow();
  return eachAtOnce(names, CELLS_AT_ONCE, async (name): Promise<ShownCell> => {
    const head = await ledger.head(name);
    const asked = await askedOfCell(plannerDeps(world, ledger, typedSource()), head, claims);
    const seen = await seeFence((id) => world.zone(id), head);
    const privateZone = seen.type === 'unreachable' ? null : await isPrivate(world, head, known);
    const now = world.clock.now();
    const damped = asked.type === 'judged' ? await dampedTargets(ledger, head, now) : [];
    const room = await awaitedRoom(ledger, head);
    return { ...cellStatus(head, seen, asked, now), damped, privateZone, awaitedRoom: room };
  });
}

/** Whether a cell's zone is private. A zone never changes in this, so it is asked once a command. */
async function isPrivate(world: LookedAt, { state }: Head, known: KnownPrivacy): Promise<boolean | null> {
  if (state.fleet === null) return null;
  const { zoneId } = state.fleet;
  const before = known.get(zoneId);
  if (before !== undefined) return before;
  try {
    const { private: found } = await world.zone(zoneId).describe();
    known.set(zoneId, found);
    return found;
  } catch (error) {
    if (error instanceof ZoneUnavailable || error instanceof ZoneNotFound) return null;
    throw error;
  }
}
