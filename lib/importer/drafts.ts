import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { AnswerSet, Family } from './answer-sets.ts';
import { answerSets, isAlike, largestWeight } from './answer-sets.ts';
import type { EndpointDraft, ImportedZone, TargetDraft } from './described-zone.ts';
import type { TargetIds } from './target-ids.ts';
import { endpointSlug, slug } from './target-ids.ts';

/** The longest TTL that a fleet file takes, a day, seconds. */
const TTL_MAX_S = 86_400;

/** An endpoint whose leaves are CNAMEs: one target a record. */
export function hostnameDraft(
  name: DnsName,
  records: readonly RecordSet[],
  zone: ImportedZone,
  ids: TargetIds,
): EndpointDraft {
  const targets = answerSets(records).map((set): TargetDraft => {
    const [hostname = ''] = set.values;
    return { ...common(set, name, zone, ids), capacity: set.weight, hostname };
  });
  return { name, kind: 'hostname', families: [], targets, ...ttlOf(records) };
}

/** An endpoint of aliases. A target answers in every family, so the families must be alike. */
export function aliasDraft(
  name: DnsName,
  records: readonly RecordSet[],
  zone: ImportedZone,
  ids: TargetIds,
): EndpointDraft | string {
  const { A, AAAA } = byFamily(records);
  const sets = A.length > 0 ? A : AAAA;
  const families = (['A', 'AAAA'] as const).filter((family) => (family === 'A' ? A : AAAA).length > 0);
  if (families.length === 2 && !isSameAliases(A, AAAA))
    return 'its A and AAAA records are not aliases of the same, and a target of aliases answers in both';
  const targets = sets.map((set): TargetDraft => {
    const { alias } = set;
    return {
      ...common(set, name, zone, ids),
      capacity: set.weight,
      alias,
    };
  });
  return { name, kind: 'alias', families, targets, remarks: [] };
}

/**
 * An endpoint of addresses. Records of the two families with the same set identifier are one target, unless their
 * weights differ: then each family has its own targets, with capacities that keep the shares of both families.
 */
export function addressesDraft(
  name: DnsName,
  records: readonly RecordSet[],
  zone: ImportedZone,
  ids: TargetIds,
): EndpointDraft {
  const { A, AAAA } = byFamily(records);
  const families = (['A', 'AAAA'] as const).filter((family) => (family === 'A' ? A : AAAA).length > 0);
  const targets = isPaired(A, AAAA)
    ? pairedTargets(A, AAAA, name, zone, ids)
    : [
        ...familyTargets(A, 'A', largestWeight(AAAA), name, zone, ids),
        ...familyTargets(AAAA, 'AAAA', largestWeight(A), name, zone, ids),
      ];
  return { name, kind: 'addresses', families, targets, ...ttlOf(records) };
}

function byFamily(records: readonly RecordSet[]): Readonly<Record<Family, readonly AnswerSet[]>> {
  const ofType = (family: Family) => answerSets(records.filter(({ type }) => type === family));
  return { A: ofType('A'), AAAA: ofType('AAAA') };
}

/** Weights are scaled by endpoint, not by family: only families with the same largest weight keep their shares together. */
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
  name: DnsName,
  zone: ImportedZone,
  ids: TargetIds,
): readonly TargetDraft[] {
  const keys = new Set([...a, ...b].map(({ key }) => key));
  return [...keys].flatMap((key): readonly TargetDraft[] => {
    const ipv4 = a.find((set) => set.key === key);
    const ipv6 = b.find((set) => set.key === key);
    const set = ipv4 ?? ipv6;
    if (set === undefined) return [];
    return [
      {
        ...common(set, name, zone, ids),
        capacity: set.weight,
        ipv4: ipv4?.values,
        ipv6: ipv6?.values,
      },
    ];
  });
}

/** @param factor the other family's largest weight. Each family is multiplied by it, so that both have the same scale. */
function familyTargets(
  sets: readonly AnswerSet[],
  family: Family,
  factor: number,
  name: DnsName,
  zone: ImportedZone,
  ids: TargetIds,
): readonly TargetDraft[] {
  const suffix = family === 'A' ? 'v4' : 'v6';
  return sets.map((set) => ({
    ...common(set, name, zone, ids, suffix),
    capacity: set.weight * factor,
    ...(family === 'A' ? { ipv4: set.values } : { ipv6: set.values }),
  }));
}

function common(
  { key, idle, healthCheckId }: AnswerSet,
  name: DnsName,
  zone: ImportedZone,
  ids: TargetIds,
  suffix = '',
): Pick<TargetDraft, 'id' | 'idle' | 'healthCheckId' | 'remark'> {
  const id = ids.take(endpointSlug(name, zone.name), key === '' ? '' : slug(key), suffix);
  const was = key === '' || id.endsWith(`-${key}`) ? [] : [`set identifier ${JSON.stringify(key)}`];
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

/** An endpoint has one TTL, the shortest of its records': no answer is then cached longer than before. */
function ttlOf(
  records: readonly RecordSet[],
): Pick<EndpointDraft, 'remarks' | 'loweredFromS'> & { ttl: number } {
  const ttls = [...new Set(records.map(({ ttl = 0 }) => ttl))].sort((a, b) => a - b);
  const [shortest = 0] = ttls;
  const remarks = [
    ...(ttls.length > 1 ? [`its records have TTLs of ${ttls.join(', ')} s: this is the shortest`] : []),
    ...(shortest > TTL_MAX_S ? [`its TTL is ${shortest} s, more than the longest here`] : []),
  ];
  const ttl = Math.min(shortest, TTL_MAX_S);
  const longest = ttls.at(-1) ?? ttl;
  return { ttl, remarks, ...(longest > ttl ? { loweredFromS: longest } : {}) };
}
