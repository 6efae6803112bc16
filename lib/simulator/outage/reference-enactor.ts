import type { Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { labelGeneration, treeLabelOf } from '../../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../../plan/plan.ts';
import { rollbackRecord, rootRecords, rootTypes } from '../../plan/plan.ts';
import type { RecordSet } from '../../plan/records.ts';
import { treeRecords } from '../../plan/tree-nodes.ts';
import type { BlindZone } from './blind-zone.ts';

/**
 * What the reference enactor works with. It reads Pawl's plans and writes Pawl's names, so that the two can be
 * compared.
 */
export interface ReferenceDeps {
  readonly scope: CellScope;
  readonly ledger: Ledger;
  readonly zone: BlindZone;
}

export interface ReferenceSettings {
  /** The clean-up deletes the trees of plans that are this many generations older than the plan just applied. */
  readonly keepGenerations: number;
}

export type ReferenceOutcome =
  | { readonly type: 'idle' }
  | { readonly type: 'nothing-newer' }
  | { readonly type: 'applied'; readonly generation: number; readonly cleanedUp: readonly DnsName[] }
  /** Route 53 refused a write, and this code cannot go on without it. */
  | { readonly type: 'stuck'; readonly generation: number; readonly reason: string };

/**
 * One run of the enactor of 20 October 2025, as its owner described it afterwards. Pawl is compared with it. It never
 * runs outside of a simulation. These are the faults of that day:
 *
 *   1. `isNewer` is checked once, at the start. The writes rest on that answer, however much later they come.
 *   2. Every write is an UPSERT. It replaces a newer plan as readily as an older one.
 *   3. The clean-up decides by age, in the same process. It never checks what the roots point at then.
 *   4. The previous target is recorded before a root moves. Where that target is gone, Route 53 refuses the alias, and
 *      neither this run nor any other can go on.
 */
export async function referenceEnact(
  { scope, ledger, zone }: ReferenceDeps,
  { keepGenerations }: ReferenceSettings,
): Promise<ReferenceOutcome> {
  const { state } = await ledger.head(scope.cell);
  if (state.goal === null) return { type: 'idle' };
  const plan = await getPlan(ledger, scope.cell, state.goal.digest);
  const { generation } = plan;
  const seen = await zone.list(`check: is plan ${generation} newer?`);
  const newer = plan.endpoints.filter((endpoint) => isNewer(endpoint, seen, scope));
  if (newer.length === 0) return { type: 'nothing-newer' };
  for (const endpoint of newer) {
    const reason = await applyEndpoint(zone, scope, endpoint, generation);
    if (reason !== undefined) return { type: 'stuck', generation, reason };
  }
  const cleanedUp = await cleanUp(zone, scope, plan, keepGenerations);
  return { type: 'applied', generation, cleanedUp };
}

function isNewer(endpoint: PlannedEndpoint, seen: readonly RecordSet[], scope: CellScope): boolean {
  const live = liveTree(endpoint.name, seen);
  return live === undefined || generationOf(endpoint.tree, scope) > generationOf(live, scope);
}

/** @returns why Route 53 refused a write; undefined when the endpoint is as planned. */
async function applyEndpoint(
  zone: BlindZone,
  scope: CellScope,
  endpoint: PlannedEndpoint,
  generation: number,
): Promise<string | undefined> {
  const made = await zone.upsert(treeRecords(endpoint, scope), `write plan ${generation}'s tree`);
  if (made.type !== 'accepted') return made.reason;
  // This read serves the rollback alone. It may show a newer plan than the one being applied; nothing checks that.
  const previous = liveTree(endpoint.name, await zone.list('what is the previous target?'));
  const rollbacks =
    previous === undefined
      ? []
      : rootTypes(endpoint).map((type) => rollbackRecord(endpoint.name, type, previous, scope));
  const moved = await zone.upsert(
    [...rollbacks, ...rootRecords(endpoint, scope)],
    `point the root at plan ${generation}`,
  );
  return moved.type === 'accepted' ? undefined : moved.reason;
}

async function cleanUp(
  zone: BlindZone,
  scope: CellScope,
  applied: Plan,
  keepGenerations: number,
): Promise<readonly DnsName[]> {
  const own = new Set(applied.endpoints.map(({ tree }) => tree));
  const seen = await zone.list('clean-up: which trees are old?');
  const old = seen.filter(({ name }) => {
    const made = labelGeneration(treeLabelOf(name, scope) ?? '');
    return made !== undefined && made < applied.generation - keepGenerations && !own.has(name);
  });
  if (old.length === 0) return [];
  const names = [...new Set(old.map(({ name }) => name))];
  const labels = names.map((name) => treeLabelOf(name, scope)).join(', ');
  const outcome = await zone.remove(old, `clean-up: delete ${labels}`);
  return outcome.type === 'accepted' ? names : [];
}

function liveTree(name: DnsName, records: readonly RecordSet[]): DnsName | undefined {
  return records.find((record) => record.name === name && record.alias !== undefined)?.alias?.name;
}

function generationOf(tree: DnsName, scope: CellScope): number {
  return labelGeneration(treeLabelOf(tree, scope) ?? '') ?? 0;
}
