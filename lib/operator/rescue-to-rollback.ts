import type { Writer } from '../cell/fenced-write.ts';
import type { Seq } from '../plan/generation.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { rollbackName } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest, plannedEndpoint, rootRecords } from '../plan/plan.ts';
import type { RecordSet } from '../plan/records.ts';
import { sameRecords } from '../plan/records.ts';
import type { RootChanges } from '../plan/roots.ts';
import { conflictSentence, planRoots } from '../plan/roots.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName, resolvesInView } from '../plan/zone-view.ts';
import type { Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';
import type { RescueReading } from './rescue-reading.ts';
import { readForRescue } from './rescue-reading.ts';
import { flipForRescue, freezeForRescue, rescuer } from './rescue-writes.ts';
import type { Remark } from './zone-plan.ts';
import { planFromZone } from './zone-plan.ts';

export interface RollbackRescue {
  /** What the zone now answers, rebuilt from its trees: the file to adopt when the ledger is back. */
  readonly plan: Plan;
  /** Of the frozen fence. */
  readonly seq: Seq;
  /** Endpoints whose roots were moved. */
  readonly moved: readonly DnsName[];
  /** Endpoints that stayed as they were, and why. */
  readonly stayed: readonly Remark[];
}

/** What the rescue shall do. It is decided before anything is written, and never again after its flip was sent. */
interface Intent {
  readonly plan: Plan;
  readonly trees: ReadonlyMap<DnsName, DnsName>;
  readonly stayed: readonly Remark[];
}

/** Every attempt begins by freezing, so that only another person can make the next one fail. */
const ATTEMPTS_MAX = 8;

/**
 * Points every root at what its rollback root points at, with Route 53 alone, and leaves the fence frozen. Nothing is
 * staged: those trees have been INSYNC for long. A second call moves the roots back again, because the rollback roots
 * then point at the trees from before the first.
 *
 * Where to go is decided once: after a flip whose answer was lost the rollback roots may point the other way already,
 * and a new decision would undo the flip.
 *
 * @throws ZoneUnavailable when Route 53 cannot be reached: look where the roots point before trying again.
 */
export async function rescueToRollback(unsigned: Writer): Promise<Outcome<RollbackRescue>> {
  const writer = rescuer(unsigned);
  const { scope } = writer;
  let sent: Intent | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const read = await readForRescue(writer, 0);
    if (read === 'moved') continue;
    const arrived = sent === undefined ? undefined : arrival(read, sent, scope);
    if (arrived !== undefined) return arrived;
    const intent = sent ?? intentOf(read, scope);
    if (intent.trees.size === 0) {
      const [first] = intent.stayed;
      const why = first === undefined ? 'it has no endpoints' : `${first.name}: ${first.reason}`;
      return refused(`No root of cell ${scope.cell} has anything to go back to (${why}).`);
    }
    const fence = await freezeForRescue(writer, read, planDigest(intent.plan));
    if (fence === undefined) continue;
    sent = intent;
    await flipForRescue(writer, fence, rootsOf(intent.plan, intent.trees, read.view, scope).groups);
  }
  return unknown(
    `${ATTEMPTS_MAX} attempts to roll cell ${scope.cell} back were overtaken or not answered: look at its fence and roots.`,
  );
}

/** The end, once every root that was to move stands where it should under a frozen fence. */
function arrival(
  { reading, view }: RescueReading,
  { plan, trees, stayed }: Intent,
  scope: CellScope,
): Outcome<RollbackRescue> | undefined {
  if (reading.type !== 'fence' || !reading.fence.frozen) return undefined;
  const isThere = [...trees.keys()].every((name) => {
    const endpoint = plannedEndpoint(plan, name);
    return endpoint !== undefined && sameRecords(ownedRecordsAt(view, name), rootRecords(endpoint, scope));
  });
  if (!isThere) return undefined;
  return { type: 'done', plan, seq: reading.fence.seq, moved: [...trees.keys()], stayed };
}

function ownedRecordsAt(view: ZoneView, name: DnsName) {
  return recordsAtName(view, name).filter(({ type }) => ['A', 'AAAA', 'CNAME'].includes(type));
}

function rootsOf(
  goal: Plan,
  trees: ReadonlyMap<DnsName, DnsName>,
  view: ZoneView,
  scope: CellScope,
): RootChanges {
  const owned = new Set(trees.keys());
  return planRoots({ scope, goal, view, owned, adopted: new Set(), complete: false, only: owned });
}

function intentOf(read: RescueReading, scope: CellScope): Intent {
  const input = { scope, ...read, orphans: false };
  const now = planFromZone(input);
  const trees = new Map<DnsName, DnsName>();
  const stayed: Remark[] = [...now.leftOut];
  for (const { name } of now.plan.endpoints) {
    const before = treeBefore(name, read.view, scope);
    if ('reason' in before) stayed.push({ name, reason: before.reason });
    else trees.set(name, before.tree);
  }
  const stays = (name: DnsName, reason: string): void => {
    trees.delete(name);
    stayed.push({ name, reason });
  };
  const wanted = planFromZone({ ...input, trees }).plan;
  // // Where a tree cannot be read back, the rebuilt plan has another tree: then the endpoint stays as it is.
  for (const [name, tree] of [...trees]) {
    if (plannedEndpoint(wanted, name)?.tree !== tree)
      stays(name, 'the tree that its rollback root points at cannot be read');
  }
  for (const conflict of rootsOf(wanted, trees, read.view, scope).conflicts) {
    // The name may be the endpoint's or its rollback root's.
    for (const name of [...trees.keys()])
      if (conflict.name === name || conflict.name === rollbackName(name, scope))
        stays(name, conflictSentence([conflict]));
  }
  return { plan: planFromZone({ ...input, trees }).plan, trees, stayed };
}

/** The one tree that the endpoint's rollback roots point at and its roots do not. */
function treeBefore(
  name: DnsName,
  view: ZoneView,
  scope: CellScope,
): { readonly tree: DnsName } | { readonly reason: string } {
  const there = recordsAtName(view, rollbackName(name, scope));
  if (there.length === 0) return { reason: 'it has no rollback root' };
  const pointed = treesPointedAt(there, view, scope);
  if (pointed.size === 0) return { reason: 'its rollback root points at nothing' };
  const live = treesPointedAt(recordsAtName(view, name), view, scope);
  const [tree, ...others] = [...pointed].filter((candidate) => !live.has(candidate));
  if (tree === undefined) return { reason: 'its rollback root points at the tree that is live' };
  return others.length > 0 ? { reason: 'its rollback roots point at different trees' } : { tree };
}

function treesPointedAt(
  records: readonly RecordSet[],
  view: ZoneView,
  scope: CellScope,
): ReadonlySet<DnsName> {
  const pointed = records
    .filter((record) => resolvesInView(record, view))
    .flatMap((record) => pointedTree(record, scope)?.name ?? []);
  return new Set(pointed);
}
