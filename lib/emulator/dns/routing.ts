import type { RecordSet } from '../../plan/records.ts';
import type { Draw } from './draw.ts';

/** Route 53 answers with at most eight healthy records (Developer Guide, "Multivalue answer routing"). */
const MULTIVALUE_MAX = 8;

/**
 * Of the record sets of one name and type, those that answer this query, as Route 53 chooses: by routing
 * policy among the healthy ones, and when none is healthy as if all were (Developer Guide, "How Amazon
 * Route 53 chooses records when health checking is configured"). A set that stands alone always answers.
 */
export function chosenSets(
  sets: readonly RecordSet[],
  isHealthy: (set: RecordSet) => boolean,
  draw: Draw,
): readonly RecordSet[] {
  const first = sets[0];
  if (PLACED.some((policy) => first?.routing?.[policy] !== undefined))
    return forEverywhere(sets, isHealthy, draw);
  if (sets.length < 2) return sets;
  if (first?.weight !== undefined) return one(weightedPool(sets, isHealthy), draw);
  const healthy = sets.filter(isHealthy);
  const pool = healthy.length > 0 ? healthy : sets;
  if (first?.routing?.['MultiValueAnswer'] === true) return someOf(pool, draw);
  if (first?.routing?.['Failover'] !== undefined) return failover(sets, isHealthy);
  // Latency and proximity depend on where the client is. The emulator's clients have no place, so every set is as near
  // as another.
  return one(pool, draw);
}

/** Policies by which a set answers the clients of one place or network, and nobody else. */
const PLACED = ['GeoLocation', 'CidrRoutingConfig'];

/**
 * The default set answers all clients for whom there is no other; without it they get no answer (Developer Guide,
 * "Geolocation routing" and "IP-based routing"). The emulator's clients are nowhere.
 */
function forEverywhere(
  sets: readonly RecordSet[],
  isHealthy: (set: RecordSet) => boolean,
  draw: Draw,
): readonly RecordSet[] {
  const defaults = sets.filter(({ routing }) =>
    isDefault(routing?.['GeoLocation'] ?? routing?.['CidrRoutingConfig']),
  );
  const healthy = defaults.filter(isHealthy);
  return defaults.length === 0 ? [] : one(healthy.length > 0 ? healthy : defaults, draw);
}

function isDefault(place: unknown): boolean {
  if (typeof place !== 'object' || place === null) return false;
  const { CountryCode: country, LocationName: location } = place as Readonly<Record<string, unknown>>;
  return country === '*' || location === '*';
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

function failover(sets: readonly RecordSet[], isHealthy: (set: RecordSet) => boolean): readonly RecordSet[] {
  const primary = sets.filter((set) => set.routing?.['Failover'] === 'PRIMARY');
  const secondary = sets.filter((set) => set.routing?.['Failover'] === 'SECONDARY');
  if (primary.some(isHealthy)) return primary;
  return secondary.some(isHealthy) || primary.length === 0 ? secondary : primary;
}
