import type { FenceReading } from '../plan/fence.ts';
import { isRescueFence } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { endpointLabels, parseOwnedName, rollbackName } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest, plannedEndpoint, SHORT_DIGEST_LENGTH, shortDigest } from '../plan/plan.ts';
import type { RecordSet } from '../plan/records.ts';
import type { RootChanges } from '../plan/roots.ts';
import { conflictSentence, planRoots } from '../plan/roots.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName, resolvesInView } from '../plan/zone-view.ts';
import type { NotDone } from './operator.ts';
import { refused } from './operator.ts';
import type { RescueReading } from './rescue-reading.ts';
import type { Remark } from './zone-plan.ts';
import { planFromZone } from './zone-plan.ts';

/** Where a rollback is bound. It is decided before anything is written, and never again after its flip was sent. */
export interface RollbackTarget {
  /** What the zone answers afterwards. */
  readonly plan: Plan;
  /** The tree that each root moves to. */
  readonly trees: ReadonlyMap<DnsName, DnsName>;
  readonly stayed: readonly Remark[];
}

/** A rollback that was made already. */
interface Standing {
  readonly type: 'done';
  readonly plan: Plan;
  readonly seq: Seq;
  readonly moved: readonly [];
  readonly stayed: readonly [];
}

const DIGEST = /^[0-9a-f]{12,64}$/;
/** Endpoints of which every subset is tried. One batch moves the roots of a whole cell unless garbage fills it. */
const SUBSETS_OF_MAX = 8;

/**
 * Where a rollback is bound, by what stands in the zone (ADR 43). A rescue's frozen fence names the plan that the roots
 * were to leave for:
 *  - they are there: the rollback was made, and nothing is left to do;
 *  - the roots that have not moved yet lead there: the rollback goes on;
 *  - neither: another rescue, or a hand, has changed them since, and only a person can say what shall be left.
 *
 * @param from digits of the digest of the plan that the roots shall leave, whatever the fence remembers.
 */
export function rollbackTarget(
  read: RescueReading,
  scope: CellScope,
  from: string | undefined,
): RollbackTarget | Standing | NotDone {
  const now = planFromZone({ scope, ...read, orphans: false }).plan;
  const every = everyRoot(read, scope);
  const remembered = rememberedPlan(read.reading);
  if (from !== undefined) return targetFrom(from, now, every, read, scope);
  if (remembered === undefined) return movable(every, scope);
  if (remembered === shortDigest(planDigest(now))) return standing(now, read) ?? movable(every, scope);
  return remainder(every, remembered, read, scope) ?? refused(strangeRescue(remembered, now, scope));
}

/** The roots leave exactly the plan that a person has named. Asked for twice, the second finds them gone. */
function targetFrom(
  from: string,
  now: Plan,
  every: RollbackTarget,
  read: RescueReading,
  scope: CellScope,
): RollbackTarget | Standing | NotDone {
  if (!DIGEST.test(from)) {
    return refused(
      `"${from.slice(0, 80)}" is not a digest: give ${SHORT_DIGEST_LENGTH} to 64 hexadecimal digits, as a rollback prints them.`,
    );
  }
  const at = planDigest(now);
  if (at.startsWith(from)) return movable(every, scope);
  const isGone = planDigest(every.plan).startsWith(from);
  const remembered = rememberedPlan(read.reading);
  const isThere = remembered === shortDigest(at) ? standing(now, read) : undefined;
  if (isGone && isThere !== undefined) return isThere;
  return refused(
    `The roots of cell ${scope.cell} are not at plan ${from.slice(0, SHORT_DIGEST_LENGTH)}, but at ${shortDigest(at)}: look with "pawl rescue --export", then name what they shall leave.`,
  );
}

function movable(target: RollbackTarget, scope: CellScope): RollbackTarget | NotDone {
  if (target.trees.size > 0) return target;
  const [first] = target.stayed;
  const why = first === undefined ? 'it has no endpoints' : `${first.name}: ${first.reason}`;
  return refused(`No root of cell ${scope.cell} has anything to go back to (${why}).`);
}

function standing(plan: Plan, { reading }: RescueReading): Standing | undefined {
  if (reading.type !== 'fence') return undefined;
  return { type: 'done', plan, seq: reading.fence.seq, moved: [], stayed: [] };
}

/** The digest of the plan that a rescue's frozen fence names; undefined for any other fence. */
function rememberedPlan(reading: FenceReading): string | undefined {
  if (reading.type !== 'fence' || !reading.fence.frozen || !isRescueFence(reading.fence)) return undefined;
  return reading.fence.plan;
}

/**
 * The roots that have still to move, so that the zone answers with the remembered plan. All of them, unless the flip
 * needed several batches and stopped between two.
 */
function remainder(
  { trees, stayed }: RollbackTarget,
  remembered: string,
  read: RescueReading,
  scope: CellScope,
): RollbackTarget | undefined {
  const names = [...trees.keys()];
  const subsets = names.length > SUBSETS_OF_MAX ? 1 : 2 ** names.length;
  for (let left = 0; left < subsets; left += 1) {
    const rest = new Map([...trees].filter((_, index) => (left & (1 << index)) === 0));
    const { plan } = planFromZone({ scope, ...read, orphans: false, trees: rest });
    if (rest.size > 0 && shortDigest(planDigest(plan)) === remembered) return { plan, trees: rest, stayed };
  }
  return undefined;
}

function strangeRescue(remembered: string, now: Plan, { cell }: CellScope): string {
  const at = shortDigest(planDigest(now));
  return `A rescue has frozen cell ${cell} for plan ${remembered}, and its roots are at ${at}, from which they do not lead there: "pawl rescue --plan FILE" makes it answer as a file says, and "--to-rollback --from ${at}" moves the roots to what their rollback roots point at all the same.`;
}

/** What moves the roots of these endpoints to these trees. */
export function rollbackRoots(
  goal: Plan,
  trees: ReadonlyMap<DnsName, DnsName>,
  view: ZoneView,
  scope: CellScope,
): RootChanges {
  const owned = new Set(trees.keys());
  return planRoots({ scope, goal, view, owned, adopted: new Set(), complete: false, only: owned });
}

/** Where every root would go that has something to go back to. */
function everyRoot(read: RescueReading, scope: CellScope): RollbackTarget {
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
  // Where a tree cannot be read back, the rebuilt plan has another tree: then the endpoint stays as it is.
  for (const [name, tree] of [...trees]) {
    if (plannedEndpoint(wanted, name)?.tree !== tree)
      stays(name, 'the tree that its rollback root points at cannot be read');
  }
  for (const conflict of rollbackRoots(wanted, trees, read.view, scope).conflicts) {
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
  // A hand may have pointed it there: the name would answer with what another one answers.
  const isOwn = (tree: DnsName): boolean => {
    const owned = parseOwnedName(tree, scope);
    return owned?.kind === 'tree' && owned.endpoint === endpointLabels(name, scope);
  };
  if (![...pointed].every(isOwn)) return { reason: 'its rollback root points at a tree of another endpoint' };
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
