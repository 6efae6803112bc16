import type { CellState } from '../../ledger/decider/state.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointLabels, labelGeneration, parseOwnedName } from '../../plan/owned-names.ts';
import type { Plan } from '../../plan/plan.ts';
import { rootTypes, shortDigest } from '../../plan/plan.ts';
import { parsePlan } from '../../plan/plan-json.ts';
import { namedNodes } from '../../plan/tree-nodes.ts';
import { placeOf, rootOf } from './refined-zone.ts';

/** What a writer may know of a log that it read: all of it is of use where it holds, and of none where it does not. */
export interface LogKnowledge {
  /** `label.endpoint` of what plans may use. */
  readonly listed: ReadonlySet<string>;
  /** `change label.endpoint`: which change staged which tree. */
  readonly staged: ReadonlySet<string>;
  /** `seq change`: the change by which the roots stand as they do under that fence. */
  readonly settled: string;
  /** Endpoints, in relative form, that another cell may have or has. */
  readonly lent: ReadonlySet<string>;
  /** Endpoints, in relative form, whose records are Pawl's or may be taken over. */
  readonly taken: ReadonlySet<string>;
}

const known = new WeakMap<CellState, LogKnowledge>();

export function knowledgeOf(state: CellState, scope: CellScope): LogKnowledge {
  const there = known.get(state) ?? readKnowledge(state, scope);
  known.set(state, there);
  return there;
}

function readKnowledge(state: CellState, scope: CellScope): LogKnowledge {
  const { endpoints, staging, applied, offers, given, owned, adopted } = state;
  const relative = (names: readonly DnsName[]): ReadonlySet<string> =>
    new Set(names.map((name) => endpointLabels(name, scope)));
  const listed = Object.entries(endpoints).flatMap(([endpoint, { trees }]) =>
    trees.map((label) => `${label}.${endpoint}`),
  );
  const staged = (staging?.entries ?? []).flatMap(({ changeId, trees }) =>
    trees.map((tree) => `${changeId} ${tree}`),
  );
  return {
    listed: new Set(listed),
    staged: new Set(staged),
    settled: applied?.changeId === undefined ? '' : `${applied.seq} ${applied.changeId}`,
    lent: relative([...offers, ...given].map(({ name }) => name)),
    taken: relative([...owned, ...adopted]),
  };
}

/** Whether whoever knows `more` can do all that somebody can who knows `less`. */
export function coversKnowledge(more: LogKnowledge, less: LogKnowledge): boolean {
  return lackOf(more, less) === undefined;
}

/** Something that `less` has and `more` lacks; undefined where there is nothing. */
export function lackOf(more: LogKnowledge, less: LogKnowledge): string | undefined {
  if (less.settled !== '' && less.settled !== more.settled) return `settled ${less.settled}`;
  for (const part of SETS)
    for (const entry of less[part]) if (!more[part].has(entry)) return `${part} ${entry}`;
  return undefined;
}

/** All that `more` has and `less` lacks, as {@link lackOf} says it. */
export function gainsOf(more: LogKnowledge, less: LogKnowledge): readonly string[] {
  const gained = SETS.flatMap((part) =>
    [...more[part]].flatMap((entry) => (less[part].has(entry) ? [] : [`${part} ${entry}`])),
  );
  return more.settled === less.settled ? gained : [...gained, `settled ${more.settled}`];
}

/** What of it can still be of use: no change that came before the last move of a root is. */
export function usefulKnowledge(known: LogKnowledge, movedAt = 0): LogKnowledge {
  return Number(known.settled.split(' ')[0]) < movedAt ? { ...known, settled: '' } : known;
}

const SETS = ['listed', 'staged', 'lent', 'taken'] as const;

export function knowledgeKey(knowledge: LogKnowledge): string {
  return [knowledge.settled, ...SETS.map((part) => [...knowledge[part]].sort().join('+'))].join(';');
}

/** What a plan has at its roots, and the names that it needs. */
export interface RefinedPlan {
  readonly trees: ReadonlyMap<string, string>;
  /** Each name with `label.endpoint` of the tree that it is of. */
  readonly parts: ReadonlyMap<string, string>;
}

const plans = new WeakMap<Plan, RefinedPlan>();
const parsed = new Map<string, Plan | undefined>();
const PARSED_MAX = 512;

/** A plan by the text of its body; undefined where it is none. */
export function refinedPlan(text: string, scope: CellScope): RefinedPlan | undefined {
  if (!parsed.has(text)) {
    if (parsed.size >= PARSED_MAX) parsed.clear();
    const read = parsePlan(text);
    parsed.set(text, read.type === 'invalid' ? undefined : read.plan);
  }
  const plan = parsed.get(text);
  if (plan === undefined) return undefined;
  const there = plans.get(plan) ?? readPlan(plan, scope);
  plans.set(plan, there);
  return there;
}

function readPlan({ endpoints }: Plan, scope: CellScope): RefinedPlan {
  const trees = new Map<string, string>();
  const parts = new Map<string, string>();
  for (const endpoint of endpoints) {
    const owned = parseOwnedName(endpoint.tree, scope);
    const tree = owned?.kind === 'tree' ? `${owned.label}.${owned.endpoint}` : '';
    for (const type of rootTypes(endpoint)) trees.set(rootOf(endpoint.name, type), endpoint.tree);
    for (const { name } of namedNodes(endpoint)) parts.set(name, tree);
  }
  return { trees, parts };
}

const named = new WeakMap<CellState, ReadonlyMap<string, string>>();

/** The digests of the plans that a log names, by what a fence says of each: `generation digest`. */
export function plansOf(state: CellState): ReadonlyMap<string, string> {
  const there = named.get(state) ?? readNamed(state);
  named.set(state, there);
  return there;
}

function readNamed(state: CellState): ReadonlyMap<string, string> {
  const { approved, goal, applied, newest, staging, history } = state;
  const refs = [...approved, ...history, goal, applied, newest, staging];
  return new Map(
    refs.flatMap((ref) =>
      ref === null ? [] : [[`${ref.generation} ${shortDigest(ref.digest)}`, ref.digest] as const],
    ),
  );
}

/** Whether a plan or a rescue has given somebody this name; a stray is nobody's, and goes as what has been retired does. */
export function isCoined(node: string, state: CellState, scope: CellScope): boolean {
  const { cell, owned } = placeOf(node, scope);
  if (cell !== scope.cell) return true;
  if (owned?.kind !== 'tree' && owned?.kind !== 'node') return true;
  return (labelGeneration(owned.label) ?? 0) <= state.highest;
}
