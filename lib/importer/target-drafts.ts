import type { ByType } from './answer-nodes.ts';
import { Inexpressible } from './answer-nodes.ts';
import type { AnswerSet } from './answer-sets.ts';
import { isAlike, largestWeight } from './answer-sets.ts';
import type { EndpointDraft, TargetDraft } from './described-zone.ts';
import type { TargetIds } from './target-ids.ts';
import { slug } from './target-ids.ts';

/** How the targets of a set are called. */
export interface TargetNaming {
  /** The endpoint's own word and the ids of the branches above. */
  readonly stem: readonly string[];
  /** True when the set identifiers tell the targets apart; false where the branch does. */
  readonly hasKeys: boolean;
  readonly ids: TargetIds;
  /** What a set identifier is called where the answers come from. */
  readonly keyName: string;
}

/** Targets that stand in one set, and the kind of endpoint that has such. */
export interface DraftedTargets {
  readonly kind: EndpointDraft['kind'];
  readonly targets: readonly TargetDraft[];
}

/**
 * The targets of one set.
 *
 * @throws Inexpressible when no endpoint can have them.
 */
export function draftTargets(sets: ByType<readonly AnswerSet[]>, naming: TargetNaming): DraftedTargets {
  const { A = [], AAAA = [], CNAME = [] } = sets;
  if (CNAME.length > 0) return { kind: 'hostname', targets: CNAME.map((set) => hostnameTarget(set, naming)) };
  const all = [...A, ...AAAA];
  const aliases = all.filter(({ alias }) => alias !== undefined);
  if (aliases.length === 0) return { kind: 'addresses', targets: addressTargets(A, AAAA, naming) };
  if (aliases.length < all.length)
    throw new Inexpressible(
      'some of its records are aliases and some hold addresses, and an endpoint is one or the other',
    );
  return { kind: 'alias', targets: aliasTargets(A, AAAA, naming) };
}

/** One target a CNAME record. */
function hostnameTarget(set: AnswerSet, naming: TargetNaming): TargetDraft {
  if (set.alias !== undefined)
    throw new Inexpressible('it is an alias of type CNAME, and a target has a hostname of its own');
  const [hostname = ''] = set.values;
  if (set.values.length !== 1) throw new Inexpressible('it does not have one value');
  return { ...common(set, naming), capacity: set.weight, hostname };
}

/** A target of aliases answers in every family, so the families must be alike. */
function aliasTargets(
  a: readonly AnswerSet[],
  b: readonly AnswerSet[],
  naming: TargetNaming,
): readonly TargetDraft[] {
  if (a.length > 0 && b.length > 0 && !isSameAliases(a, b))
    throw new Inexpressible(
      'its A and AAAA records are not aliases of the same, and a target of aliases answers in both',
    );
  return (a.length > 0 ? a : b).map((set) => {
    const { alias } = set;
    return { ...common(set, naming), capacity: set.weight, alias };
  });
}

/**
 * Records of the two families with the same set identifier are one target, unless their weights differ: then each
 * family has its own targets, with capacities that keep the shares of both families.
 */
function addressTargets(
  a: readonly AnswerSet[],
  b: readonly AnswerSet[],
  naming: TargetNaming,
): readonly TargetDraft[] {
  return isPaired(a, b)
    ? pairedTargets(a, b, naming)
    : [
        ...familyTargets(a, 'A', largestWeight(b), naming),
        ...familyTargets(b, 'AAAA', largestWeight(a), naming),
      ];
}

/** Weights are scaled by set, not by family: only families with the same largest weight keep their shares together. */
function isPaired(a: readonly AnswerSet[], b: readonly AnswerSet[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  if (largestWeight(a) !== largestWeight(b)) return false;
  return a.every((set) => {
    const other = b.find(({ key }) => key === set.key);
    return other === undefined || isAlike(set, other);
  });
}

function pairedTargets(
  a: readonly AnswerSet[],
  b: readonly AnswerSet[],
  naming: TargetNaming,
): readonly TargetDraft[] {
  const keys = new Set([...a, ...b].map(({ key }) => key));
  return [...keys].flatMap((key): readonly TargetDraft[] => {
    const ipv4 = a.find((set) => set.key === key);
    const ipv6 = b.find((set) => set.key === key);
    const set = ipv4 ?? ipv6;
    if (set === undefined) return [];
    return [{ ...common(set, naming), capacity: set.weight, ipv4: ipv4?.values, ipv6: ipv6?.values }];
  });
}

/** @param factor the other family's largest weight. Each family is multiplied by it, so that both have the same scale. */
function familyTargets(
  sets: readonly AnswerSet[],
  family: 'A' | 'AAAA',
  factor: number,
  naming: TargetNaming,
): readonly TargetDraft[] {
  const suffix = family === 'A' ? 'v4' : 'v6';
  return sets.map((set) => ({
    ...common(set, naming, suffix),
    capacity: set.weight * factor,
    ...(family === 'A' ? { ipv4: set.values } : { ipv6: set.values }),
  }));
}

function common(
  { key, idle, healthCheckId }: AnswerSet,
  { stem, hasKeys, ids, keyName }: TargetNaming,
  suffix = '',
): Pick<TargetDraft, 'id' | 'idle' | 'healthCheckId' | 'remark'> {
  const id = ids.take(...stem, key === '' || !hasKeys ? '' : slug(key), suffix);
  const was = key === '' || id.endsWith(`-${key}`) ? [] : [`${keyName} ${JSON.stringify(key)}`];
  const remarks = idle ? [...was, 'weight 0: it gets no traffic'] : was;
  return {
    id,
    idle,
    healthCheckId,
    ...(remarks.length === 0 ? {} : { remark: remarks.join('; ') }),
  };
}

function isSameAliases(a: readonly AnswerSet[], b: readonly AnswerSet[]): boolean {
  return (
    a.length === b.length &&
    a.every((set) => {
      const other = b.find(({ key }) => key === set.key);
      return (
        other !== undefined &&
        isAlike(set, other) &&
        JSON.stringify(set.alias) === JSON.stringify(other.alias)
      );
    })
  );
}
