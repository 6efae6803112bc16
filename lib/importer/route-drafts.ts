import type { AnswerEntry, AnswerType, ByType, NodeSource } from './answer-nodes.ts';
import { ANSWER_TYPES, at, eachType, Inexpressible, mapTypes } from './answer-nodes.ts';
import type { AnswerSet } from './answer-sets.ts';
import { answerSets, canFail } from './answer-sets.ts';
import type { EndpointDraft, TargetDraft } from './described-zone.ts';
import type { BuiltRoute } from './route-shapes.ts';
import { failoverRoute } from './route-shapes.ts';
import { draftTargets } from './target-drafts.ts';
import type { TargetIds } from './target-ids.ts';

/** What is known of an endpoint while its route is built. */
export interface Building {
  readonly source: NodeSource;
  /** The first part of all its targets' ids. */
  readonly stem: string;
  readonly ids: TargetIds;
  /** What a set identifier is called where the answers come from. */
  readonly keyName: string;
  readonly targets: TargetDraft[];
  readonly kinds: Set<EndpointDraft['kind']>;
  readonly ttls: Set<number>;
  /** The nodes behind the first one that the route has taken in. */
  readonly followed: Set<string>;
  /** Routes by the nodes that they were built of: two branches that lead to the same have the same. */
  readonly built: Map<string, BuiltRoute>;
}

/** Why weights of 0 are no standby. */
export const STANDBY_OF_ONE_FAMILY =
  'a record of weight 0 stands behind health checks in one of the families A and AAAA alone, and an endpoint has one standby for both';
/** Plain nodes may stand behind one another this often. */
const HOPS_MAX = 8;

/**
 * An entry without the plain nodes that it leads through: what they answer is its own. A check that a plain record has
 * counts where the alias to it evaluates health.
 */
export function settled(entry: AnswerEntry, type: AnswerType, building: Building): AnswerEntry {
  let { answer, healthCheckId } = entry;
  for (let hop = 0; hop < HOPS_MAX; hop += 1) {
    if (answer.type !== 'node') {
      if (answer.type === 'values' && answer.ttl !== undefined) building.ttls.add(answer.ttl);
      return { ...entry, answer, healthCheckId };
    }
    const { node, evaluateTargetHealth } = answer;
    const next = at(node, () => building.source.node(node, type));
    const [only] = next.entries;
    if (next.policy !== 'simple' || only === undefined) return { ...entry, answer, healthCheckId };
    building.followed.add(node);
    const check = evaluateTargetHealth ? only.healthCheckId : undefined;
    if (check !== undefined && healthCheckId !== undefined && check !== healthCheckId)
      throw new Inexpressible(
        `its record ${JSON.stringify(entry.key)} and the one behind it have health checks of their own, and a target has one`,
      );
    healthCheckId ??= check;
    answer = evaluateTargetHealth ? only.answer : unevaluated(only.answer);
  }
  throw new Inexpressible(`its aliases lead through more than ${HOPS_MAX} names`);
}

function unevaluated(answer: AnswerEntry['answer']): AnswerEntry['answer'] {
  if (answer.type === 'alias')
    return { type: 'alias', alias: { ...answer.alias, evaluateTargetHealth: false } };
  return answer.type === 'node' ? { ...answer, evaluateTargetHealth: false } : answer;
}

/** What a set of entries without further nodes is. */
export interface LeafSet {
  readonly entries: ByType<readonly AnswerEntry[]>;
  readonly answer: 'weighted' | 'multivalue';
  /** The ids of the branches above. */
  readonly labels: readonly string[];
  /** True when the entries are told apart by their set identifiers. */
  readonly hasKeys: boolean;
}

/**
 * The targets of a set. Sets of weight 0 behind others that can all fail are what Route 53 answers with when those do:
 * they become the secondary (Developer Guide, "Active-active and active-passive failover").
 */
export function leafRoute(leaf: LeafSet, building: Building): BuiltRoute {
  const sets = mapTypes(leaf.entries, (entries) => answerSets(entries));
  const serving = mapTypes(sets, (of) => of.filter(({ idle }) => !idle));
  if (leaf.answer === 'multivalue' || !isBehind(sets)) return targetsRoute(sets, leaf, building);
  const standby = mapTypes(sets, (of) =>
    of.filter(({ idle }) => idle).map((set) => ({ ...set, idle: false })),
  );
  return failoverRoute(targetsRoute(serving, leaf, building), targetsRoute(standby, leaf, building));
}

/** @throws Inexpressible when it is so in one family alone. */
function isBehind(sets: ByType<readonly AnswerSet[]>): boolean {
  const behind = eachType(sets).filter(
    (of) => of.some(({ idle }) => idle) && of.every((set) => set.idle || canFail(set)),
  );
  if (behind.length === 0) return false;
  if (behind.length < eachType(sets).length) throw new Inexpressible(STANDBY_OF_ONE_FAMILY);
  return true;
}

function targetsRoute(
  sets: ByType<readonly AnswerSet[]>,
  { answer, labels, hasKeys }: LeafSet,
  building: Building,
): BuiltRoute {
  const { stem, ids, keyName } = building;
  const { kind, targets } = draftTargets(sets, { stem: [stem, ...labels], hasKeys, ids, keyName });
  building.kinds.add(kind);
  building.targets.push(...targets);
  return {
    route: { type: 'targets', targets: targets.map(({ id }) => id), answer },
    canFail: new Set(
      ANSWER_TYPES.filter((type) => sets[type]?.every((set) => set.idle || canFail(set)) === true),
    ),
  };
}
