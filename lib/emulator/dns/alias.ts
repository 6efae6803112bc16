import type { AliasTarget, RecordSet } from '../../plan/records.ts';
import type { AnswerSource, ServedZone } from './answer-source.ts';
import type { Routing } from './chosen-sets.ts';
import { chosenSets } from './chosen-sets.ts';
import { documentationAddresses, ELSEWHERE_TTL_SECONDS } from './documentation-addresses.ts';

/** The longest chain of aliases that is followed. Route 53 documents no limit, and a loop must end. */
const ALIAS_DEPTH_MAX = 16;
const DEFAULT_TTL_SECONDS = 0;

/** The time to live in seconds, and the values in presentation form, of one answer. */
export interface ResolvedValues {
  readonly ttl: number;
  readonly values: readonly string[];
}

/** Where the targets of aliases are found. */
export interface AliasView extends Pick<AnswerSource, 'isElsewhere'> {
  /** The zone with this id among those that an alias may point into. */
  readonly zoneOf: (zoneId: string) => ServedZone | undefined;
}

type HealthView = (set: RecordSet) => boolean;

/**
 * The answer of the record sets of one name and type: the chosen set's values, or those of its alias target with the
 * target's time to live. Undefined when there is none: the alias dangles, or runs in a circle.
 */
export function resolveSets(
  view: AliasView,
  sets: readonly RecordSet[],
  routing: Routing,
  depth = 0,
): ResolvedValues | undefined {
  const parts: ResolvedValues[] = [];
  for (const set of chosenSets(sets, routing)) {
    const part =
      set.alias === undefined
        ? { ttl: set.ttl ?? DEFAULT_TTL_SECONDS, values: set.values ?? [] }
        : follow(view, set.alias, set.type, routing, depth);
    if (part !== undefined && part.values.length > 0) parts.push(part);
  }
  if (parts.length === 0) return undefined;
  return {
    ttl: Math.min(...parts.map((part) => part.ttl)),
    values: [...new Set(parts.flatMap((part) => part.values))],
  };
}

function follow(
  view: AliasView,
  alias: AliasTarget,
  type: string,
  routing: Routing,
  depth: number,
): ResolvedValues | undefined {
  const zone = view.zoneOf(alias.zoneId);
  if (zone === undefined) {
    if (!view.isElsewhere(alias)) return undefined;
    return { ttl: ELSEWHERE_TTL_SECONDS, values: documentationAddresses(alias.name, type) };
  }
  if (depth === ALIAS_DEPTH_MAX) return undefined;
  // The target is looked up exactly: a wildcard must not hide that a target was deleted.
  return resolveSets(view, targetSets(zone, alias, type), routing, depth + 1);
}

/**
 * The health of record sets within one query. A set is healthy when its health check is, and, for an alias
 * with EvaluateTargetHealth, when one of the target's sets is (AliasTarget, API reference). A missing target is
 * unhealthy; a load balancer that exists is healthy.
 */
export function healthView(view: AliasView, healthOf: AnswerSource['healthOf']): HealthView {
  // The health of each target is computed once: otherwise a few levels of weighted aliases would be walked a million times.
  const known = new Map<string, boolean>();
  const isHealthy = (set: RecordSet, depth: number): boolean => {
    if (set.healthCheckId !== undefined && !healthOf(set.healthCheckId)) return false;
    const { alias } = set;
    if (alias === undefined || !alias.evaluateTargetHealth) return true;
    const zone = view.zoneOf(alias.zoneId);
    if (zone === undefined) return view.isElsewhere(alias);
    if (depth === ALIAS_DEPTH_MAX) return false;
    const key = `${alias.zoneId} ${alias.name} ${set.type}`;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    // A target whose evaluation leads back to itself counts as unhealthy there.
    known.set(key, false);
    const healthy = targetSets(zone, alias, set.type).some((target) => isHealthy(target, depth + 1));
    known.set(key, healthy);
    return healthy;
  };
  return (set) => isHealthy(set, 0);
}

function targetSets(zone: ServedZone, alias: AliasTarget, type: string): readonly RecordSet[] {
  return zone.recordsAt(alias.name).filter((record) => record.type === type);
}
