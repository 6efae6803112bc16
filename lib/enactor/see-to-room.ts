import { wantedPlans } from '../cell/choose-goal.ts';
import { readFence } from '../cell/fence-reader.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import { firstBatch, inOrder } from '../cell/packing.ts';
import type { Head } from '../ledger/ledger.ts';
import type { FenceReading } from '../plan/fence.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import { endpointLabels, treeLabelOf } from '../plan/owned-names.ts';
import { create, recordKey } from '../plan/records.ts';
import type { Again, EndpointPart } from './attempt.ts';
import { attempt, urgentFirst } from './attempt.ts';
import { confirmZone } from './confirm-zone.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import { fenceKey } from './narrow-down.ts';
import type { Situation, TreeToStage } from './next-step.ts';
import { record, recordedRollbacks, recordRefusal } from './record.ts';
import { partOf } from './root-work.ts';
import type { HeldTree, ZoneRoom } from './zone-room.ts';
import { countIn, recordsOf, roomIn, standingAtMost } from './zone-room.ts';

/** What a run has read, and the trees that it is about to create. */
export interface Staging {
  readonly reading: FenceReading;
  readonly head: Head;
  readonly situation: Situation;
  readonly trees: readonly TreeToStage[];
}

/**
 * Sees to it that the zone has room for all of these trees before the first of them is created
 * (docs/adr/0060-retention-yields.md). Where it has not, the run ends and a janitor makes room: with what nothing needs,
 * and then with the oldest trees that only rollback roots point at, whose rollback roots this run points at the live
 * trees. Endpoints for which there would be no room even so are left out at once, the most urgent last.
 *
 * @returns undefined when there is room, or nobody knows the zone's limit.
 * @throws ZoneUnavailable, LedgerUnavailable when a service is down.
 */
export async function seeToRoom(
  deps: EnactorDeps,
  run: Run,
  staging: Staging,
): Promise<EnactOutcome | Again | undefined> {
  const { situation, reading, trees } = staging;
  const { facts } = situation.state;
  if (facts === null) return undefined;
  const { recordLimit } = facts;
  const needs = recordsOf(trees, situation);
  const standing = await standingRecords(deps, situation, recordLimit - needs);
  if (standing + needs <= recordLimit) return undefined;
  const confirmed = await confirmZone(deps, run, reading);
  if (confirmed.type === 'moved') return 'again';
  if (confirmed.type === 'doubtful') return noRoom(deps, situation, needs, recordLimit - standing);
  const { scope, state, goal } = situation;
  const wanted = await wantedPlans({ ledger: deps.ledger, scope, state });
  const room = roomIn(situation, confirmed.view, [goal, ...wanted.values()], recordLimit);
  if (needs <= room.free) return undefined;
  if (needs <= room.free + room.unneeded) return noRoom(deps, situation, needs, room.free);
  const held = run.keepsRollbacks ? [] : room.held;
  const enough = oldestUntil(held, needs - room.free - room.unneeded);
  if (enough === undefined) return leaveOut(deps, run, staging, needs, { ...room, held });
  return moveRollbacks(deps, run, staging, needs, { ...room, held: enough });
}

/** The zone is asked how much it holds only where the log does not already show that there is room. */
async function standingRecords({ writer }: EnactorDeps, situation: Situation, room: number): Promise<number> {
  if (situation.zone.type === 'read') return countIn(situation.zone.view);
  const atMost = standingAtMost(situation);
  return atMost <= room ? atMost : (await writer.zone.describe()).recordCount;
}

/** The oldest of them that free so many records together; undefined when all of them do not. */
function oldestUntil(held: readonly HeldTree[], records: number): readonly HeldTree[] | undefined {
  const chosen: HeldTree[] = [];
  let freed = 0;
  for (const each of held) {
    if (freed >= records) break;
    chosen.push(each);
    freed += each.records;
  }
  return freed >= records ? chosen : undefined;
}

function noRoom(
  { telemetry }: EnactorDeps,
  { goal, scope }: Situation,
  needs: number,
  free: number,
): EnactOutcome {
  telemetry.note('no room in the zone yet', { cell: scope.cell, generation: goal.generation, needs, free });
  return { type: 'no-room', generation: goal.generation, needs, free: Math.max(0, free) };
}

/** Points rollback roots at the live trees. What they pointed at before is then a janitor's to delete. */
async function moveRollbacks(
  deps: EnactorDeps,
  run: Run,
  { reading, head, situation }: Staging,
  needs: number,
  { free, held }: ZoneRoom,
): Promise<EnactOutcome | Again> {
  const { scope, fence, state } = situation;
  const parts = held.map(({ group }): EndpointPart => ({ ...partOf(group), name: group.name }));
  const batch = firstBatch(parts, inOrder);
  const comment = `pawl room ${scope.cell}@${fence.generation} by ${deps.writer.name}`;
  const write = {
    kind: 'flip',
    reading,
    next: fenceAfter(fence, head),
    changes: inOrder(batch),
    comment,
  } as const;
  const outcome = await attempt(deps, run, write, batch);
  if (outcome.type !== 'applied') {
    run.rejected = undefined;
    const isRefused = fenceKey(await readFence(deps.writer.zone, scope)) === fenceKey(reading);
    if (outcome.type === 'lost' && isRefused) run.keepsRollbacks = true;
    return 'again';
  }
  const sent = new Set(batch.map(({ id }) => id));
  const moved: Record<string, TreeLabel> = {};
  for (const [endpoint, label] of Object.entries(recordedRollbacks(head)))
    if (label !== undefined) moved[endpoint] = label;
  for (const { endpoint } of held.filter(({ group }) => sent.has(group.name))) {
    const label = treeLabelOf(endpoint.tree, scope);
    if (label !== undefined) moved[endpointLabels(endpoint.name, scope)] = label;
  }
  if (state.applied !== null) {
    await record(deps, {
      type: 'RecordApplied',
      generation: state.applied.generation,
      digest: state.applied.digest,
      seq: outcome.fence.seq,
      changeId: outcome.changeId,
      enactor: deps.writer.name,
      reason: 'observed',
      endpoints: state.owned,
      rollbacks: moved,
    });
  }
  return noRoom(deps, situation, needs, free);
}

/** Leaves out, all at once, what cannot have room whatever yields. It is planned again as what Route 53 refuses is. */
async function leaveOut(
  deps: EnactorDeps,
  run: Run,
  { situation, trees }: Staging,
  needs: number,
  { free, unneeded, held }: ZoneRoom,
): Promise<Again> {
  const { goal, applied, scope, state } = situation;
  let room = held.reduce((sum, { records }) => sum + records, free + unneeded);
  const byId = new Map(trees.map((tree) => [tree.id, tree]));
  const parts = trees.map(({ endpoint, id, nodes }): EndpointPart => {
    return { id, name: endpoint.name, changes: nodes.flatMap(({ records }) => records.map(create)) };
  });
  for (const { id, name, changes } of urgentFirst(parts, goal, applied)) {
    const tree = byId.get(id);
    const records = tree === undefined ? 0 : recordsOf([tree], situation);
    if (records <= room) {
      room -= records;
      continue;
    }
    await recordRefusal(deps, run, state, {
      name,
      step: 'stage',
      generation: goal.generation,
      records: [...new Set(changes.map(({ record: made }) => recordKey(made).trim()))],
      reason: `The zone ${scope.zone} has no room: the plan needs ${needs} more records, ${Math.max(0, free)} are free, and what could yield is not enough.`,
      batches: 0,
    });
  }
  return 'again';
}
