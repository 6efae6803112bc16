import type { CellState } from '../../ledger/decider/state.ts';
import type { Head } from '../../ledger/ledger.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointLabels, endpointOfLabels, offerName, ownedSubtree } from '../../plan/owned-names.ts';
import { shortDigest } from '../../plan/plan.ts';
import type { Structure } from '../../proof/evaluate.ts';
import type { RememberedChanges } from './refined-changes.ts';
import { isCalm, stoodUpTo } from './refined-changes.ts';
import type { StoodFences } from './refined-fences.ts';
import { fenceMark, isMarked } from './refined-fences.ts';
import type { RefinedPlan } from './refined-log.ts';
import { isCoined, knowledgeOf, plansOf } from './refined-log.ts';
import type { RefinedZone } from './refined-zone.ts';
import { cellOf, endpointOf, isForeign, placeOf, rootOf } from './refined-zone.ts';

/** An event of one cell's log, and all that the theory asks about it. */
export interface RefinedEvent {
  readonly scope: CellScope;
  readonly scopes: readonly CellScope[];
  readonly before: Head;
  readonly head: Head;
  /** What stands when the event is appended. */
  readonly zone: RefinedZone;
  readonly planOf: (digest: string) => RefinedPlan | undefined;
  /** The changes of the cell's batches, by id. */
  readonly changes: RememberedChanges;
  /** The fences that stood in the cell. */
  readonly stood: StoodFences;
  /** What logs would have let a writer offer that were read since the fence stood, and that this one would not. */
  readonly offerable: readonly ReadonlySet<string>[];
  /** Roots, nodes and offers that a hand has changed, or that went back, and that no batch has changed since. */
  readonly touched: ReadonlySet<string>;
  readonly isReturned: boolean;
}

/** One step of the theory that an event seems to be, with what it is about. */
export interface EventPart {
  readonly step: string;
  readonly given: Structure['symbols'];
  /** A hand was where its guards look, so that they are not asked. */
  readonly isExcused?: boolean;
}

/** What the log says in the words of the theory, before an event and after it. */
export interface SaidByLog {
  /** The plans that are wanted, each with its digest. */
  readonly wanted: ReadonlyMap<string, string>;
  readonly listed: (node: string) => boolean;
  readonly staged: ReadonlySet<string>;
  /** `seq change`. */
  readonly settled: string;
  /** {@link fenceMark} of the fence by which a plan is applied; empty where none is. */
  readonly recorded: string;
  readonly lent: ReadonlySet<string>;
  readonly adopted: ReadonlySet<string>;
}

export function saidBy(
  state: CellState,
  { scope, planOf }: Pick<RefinedEvent, 'scope' | 'planOf'>,
): SaidByLog {
  const { listed: trees, staged, settled, lent } = knowledgeOf(state, scope);
  const { goal, newest, adopted, applied } = state;
  const wanted = [goal, newest, firstStaged(state, trees, planOf)].flatMap((ref) =>
    ref === null ? [] : [[`${ref.generation} ${shortDigest(ref.digest)}`, ref.digest] as const],
  );
  const known = [...plansOf(state).values()];
  // The log lists trees. A node of one is listed with any tree that has it.
  const listed = (node: string): boolean => {
    const tree = treeAt(node, scope);
    if (tree !== '') return trees.has(tree);
    return known.some((digest) => trees.has(planOf(digest)?.parts.get(node) ?? ''));
  };
  return {
    ...{ wanted: new Map(wanted), listed, staged, settled, lent },
    recorded: applied === null ? '' : fenceMark(applied.seq, applied.generation, shortDigest(applied.digest)),
    adopted: new Set(adopted.map((name) => endpointLabels(name, scope))),
  };
}

/** The staged plan, where it goes before the goal: nothing of it was refused, and it has lost none of its trees. */
function firstStaged(
  { staging, applied, refused }: CellState,
  trees: ReadonlySet<string>,
  planOf: RefinedEvent['planOf'],
): CellState['staging'] {
  if (staging?.sticky !== true || staging.generation <= (applied?.generation ?? 0)) return null;
  if (refused.some(({ generation }) => generation >= staging.generation)) return null;
  const parts = planOf(staging.digest)?.parts ?? new Map<string, string>();
  return [...parts.values()].every((tree) => trees.has(tree)) ? staging : null;
}

/** Endpoints, in relative form, whose offer an enactor makes that reads this log: none that is withdrawn or comes back. */
function offerableBy(state: CellState, scope: CellScope): ReadonlySet<string> {
  const { offers, given, awaited } = state;
  const back = new Set(awaited.map(({ name }) => name));
  const made = [
    ...offers.filter(({ withdrawn }) => withdrawn !== true),
    ...given.filter(({ name }) => !back.has(name)),
  ];
  return new Set(made.map(({ name }) => endpointLabels(name, scope)));
}

/** What logs let be offered that were read since the fence stood, once the event is appended: without what it lets still. */
export function offerableSince({ offerable, before, head, scope }: RefinedEvent): RefinedEvent['offerable'] {
  const now = offerableBy(head.state, scope);
  return [...offerable, offerableBy(before.state, scope)].filter(
    (endpoints) => ![...endpoints].every((endpoint) => now.has(endpoint)),
  );
}

/** `label.endpoint` of a tree; empty for anything else. */
function treeAt(node: string, scope: CellScope): string {
  const { owned } = placeOf(node, scope);
  return owned?.kind === 'tree' ? `${owned.label}.${owned.endpoint}` : '';
}

export function nodeOf(tree: string, scope: CellScope): string {
  return `${tree}.${ownedSubtree(scope)}`;
}

export const SELF = 'writer';
const FENCE = 'the fence that stands';

/** What the theory asks about an event, but for what each of its steps is about. */
export function eventStructure(event: RefinedEvent, was: SaidByLog, is: SaidByLog): Structure {
  const { scope, scopes, before, head, zone, planOf, changes, offerable, stood } = event;
  const digests = new Map([...was.wanted, ...is.wanted]);
  const partsOf = (plan: string) => planOf(digests.get(plan) ?? '')?.parts;
  const lost = [...knowledgeOf(before.state, scope).listed, ...knowledgeOf(head.state, scope).listed];
  const roots = [...namedEndpoints(was, is)].flatMap((endpoint) => rootsAt(event, endpoint));
  const targets = roots.flatMap((root) =>
    [...zone.pointers].flatMap(([to, by]) => (by.has(root) ? [to] : [])),
  );
  const parts = [...digests.keys()].flatMap((plan) => [...(partsOf(plan)?.keys() ?? [])]);
  const ownOffers = offerableBy(before.state, scope);
  const offersOf = (writer: string) => (writer === SELF ? ownOffers : offerable[Number(writer)]);
  return {
    members: {
      Cell: scopes.map(({ cell }) => cell),
      Plan: [...digests.keys()],
      Node: [...new Set([...parts, ...targets, ...lost.map((tree) => nodeOf(tree, scope))])],
      Root: roots,
      Change: [...new Set([...was.staged, ...is.staged].map((entry) => entry.split(' ')[0] ?? ''))],
      Fence: [FENCE],
      Writer: [SELF, ...offerable.map((_, index) => `${index}`)],
    },
    symbols: {
      head: () => before.hash,
      heard: () => head.last?.previous ?? '',
      nextHead: () => head.hash,
      logged: (each = '') => each === before.hash,
      cell: () => scope.cell,
      at: () => scope.cell,
      writer: () => SELF,
      fence: () => FENCE,
      saw: () => FENCE,
      cellOf: () => scope.cell,
      home: (node = '') => cellOf(node, scope) ?? '',
      foreign: (node = '') => isForeign(node),
      part: (plan = '', node = '') => partsOf(plan)?.has(node) === true,
      wanted: (plan = '') => was.wanted.has(plan),
      keeps: (plan = '') => is.wanted.has(plan),
      listed: (node = '') => was.listed(node),
      coined: (node = '') => isCoined(node, before.state, scope),
      staged: (node = '', change = '') => was.staged.has(`${change} ${treeAt(node, scope)}`),
      recorded: () => was.recorded,
      noted: () => false,
      follows: (mark = '') => isMarked(stood, mark),
      whole: (mark = '') => isMarked(stood, mark),
      gen: (mark = '') => mark.split(' ').slice(1).join(' '),
      seq: (mark = '') => mark.split(' ')[0] ?? '',
      below: (first = '', second = '') => Number(first) < Number(second),
      told: (mark = '', change = '') => was.settled === `${mark} ${change}`,
      upto: (change = '', node = '') => stoodUpTo(changes, change, namesOfTree(event, node)),
      calm: (mark = '', change = '') => isCalm(changes, Number(mark), change),
      released: (_, root = '') => was.lent.has(endpointOf(root, scope) ?? ''),
      adopted: (_, root = '') => was.adopted.has(endpointOf(root, scope) ?? ''),
      // A log that was read says of an offer that is withdrawn that nobody makes it.
      lends: (writer = '', root = '') => offersOf(writer)?.has(endpointOf(root, scope) ?? '') === true,
      points: (root = '', node = '') => zone.pointers.get(node)?.has(root) === true,
    },
  };
}

/** A tree, and the nodes of it: a batch that has not room for all of a tree stages some of them. */
function namesOfTree({ head, planOf, scope }: RefinedEvent, name: string): readonly string[] {
  const tree = treeAt(name, scope);
  const plans = [...plansOf(head.state).values()];
  const nodes = plans.flatMap((digest) => [...(planOf(digest)?.parts ?? [])]);
  return [name, ...nodes.flatMap(([node, of]) => (of === tree ? [node] : []))];
}

/** Endpoints of which the log says something else than before. */
export function namedEndpoints(was: SaidByLog, is: SaidByLog): ReadonlySet<string> {
  const differing = (before: ReadonlySet<string>, after: ReadonlySet<string>) =>
    [...before, ...after].filter((name) => before.has(name) !== after.has(name));
  return new Set([...differing(was.lent, is.lent), ...differing(was.adopted, is.adopted)]);
}

const TYPES = ['A', 'AAAA', 'CNAME'] as const;

/** The roots of an endpoint that stand; where none does, one stands for it. */
export function rootsAt(
  { zone, scope }: Pick<RefinedEvent, 'zone' | 'scope'>,
  endpoint: string,
): readonly string[] {
  const all = TYPES.map((type) => rootOf(endpointOfLabels(endpoint, scope), type));
  const standing = all.filter((root) => zone.roots.has(root));
  return standing.length > 0 ? standing : all.slice(0, 1);
}

/** Whether a hand has been at a root or at its offer: what the zone shows then nobody of Pawl's may have seen. */
export function isTouched({ touched, isReturned, scope }: RefinedEvent, root: string): boolean {
  const offer = offerName(endpointOfLabels(endpointOf(root, scope) ?? '', scope), scope);
  return isReturned || touched.has(root) || touched.has(offer);
}
