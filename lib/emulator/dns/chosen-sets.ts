import type { RecordSet } from '../../plan/records.ts';
import { policiesOf } from '../routing-fields.ts';
import type { AnswerSource } from './answer-source.ts';
import type { Client } from './client.ts';
import type { Draw } from './draw.ts';
import { byDistance, byNetwork, byPlace } from './nearest.ts';

/** Route 53 answers with at most eight healthy records (Developer Guide, "Multivalue answer routing"). */
const MULTIVALUE_MAX = 8;

/** Everything but the records that the choice depends on. */
export interface Routing extends Pick<AnswerSource, 'places' | 'cidrBlocks'> {
  readonly isHealthy: (set: RecordSet) => boolean;
  readonly draw: Draw;
  readonly client: Client;
}

/**
 * Of the record sets of one name and type, those that answer this query, as Route 53 chooses: by routing
 * policy among the healthy ones, and when none is healthy as if all were (Developer Guide, "How Amazon
 * Route 53 chooses records when health checking is configured"). A set that stands alone always answers, unless it is for
 * one place or network alone.
 */
export function chosenSets(sets: readonly RecordSet[], routing: Routing): readonly RecordSet[] {
  const { isHealthy, draw, client } = routing;
  const [policy] = sets[0] === undefined ? [] : policiesOf(sets[0]);
  if (policy === 'GeoLocation') return firstHealthy(byPlace(sets, client), isHealthy);
  if (policy === 'CidrRoutingConfig') {
    return firstHealthy(byNetwork(sets, client, routing.cidrBlocks), isHealthy);
  }
  if (sets.length < 2) return sets;
  if (policy === 'Weight') return one(weightedPool(sets, isHealthy), draw);
  if (policy === 'Failover') return failover(sets, isHealthy);
  const healthy = sets.filter(isHealthy);
  const pool = healthy.length > 0 ? healthy : sets;
  if (policy === 'MultiValueAnswer') return someOf(pool, draw);
  // Of several that are equally near, and of all when nobody knows where the client is, any answers.
  return one(byDistance(pool, client, routing.places), draw);
}

/**
 * The first healthy one; the first of all when none is. Route 53 goes on to the next larger place when the record of a
 * place is unhealthy ("How health checks work in complex configurations", Developer Guide). Without any there is no answer.
 */
function firstHealthy(
  sets: readonly RecordSet[],
  isHealthy: (set: RecordSet) => boolean,
): readonly RecordSet[] {
  const chosen = sets.find(isHealthy) ?? sets[0];
  return chosen === undefined ? [] : [chosen];
}

/**
 * Sets of weight 0 answer only when they are healthy and every set with a weight is not. If all weights are 0, all are
 * equal (same page, "Weighted records that have a weight of 0").
 */
function weightedPool(sets: readonly RecordSet[], isHealthy: (set: RecordSet) => boolean) {
  const weighted = sets.filter((set) => (set.weight ?? 0) > 0);
  const healthy = weighted.filter(isHealthy);
  if (healthy.length > 0) return healthy;
  const spare = sets.filter((set) => (set.weight ?? 0) === 0 && isHealthy(set));
  if (spare.length > 0) return spare;
  return weighted.length > 0 ? weighted : sets;
}

function one(pool: readonly RecordSet[], draw: Draw): readonly RecordSet[] {
  const weights = pool.map((set) => set.weight ?? 1);
  const index = draw(weights.some((weight) => weight > 0) ? weights : weights.map(() => 1));
  return pool.slice(index, index + 1);
}

function someOf(pool: readonly RecordSet[], draw: Draw): readonly RecordSet[] {
  if (pool.length <= MULTIVALUE_MAX) return pool;
  const from = draw(pool.map(() => 1));
  return [...pool.slice(from), ...pool.slice(0, from)].slice(0, MULTIVALUE_MAX);
}

/** The primary while it is healthy, else a healthy secondary, else the primary (ResourceRecordSet, API reference). */
function failover(sets: readonly RecordSet[], isHealthy: (set: RecordSet) => boolean): readonly RecordSet[] {
  const primary = sets.filter((set) => set.routing?.['Failover'] === 'PRIMARY');
  const secondary = sets.filter((set) => set.routing?.['Failover'] === 'SECONDARY');
  if (primary.some(isHealthy)) return primary;
  return secondary.some(isHealthy) || primary.length === 0 ? secondary : primary;
}
