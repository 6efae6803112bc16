import { geoPlace } from '../plan/place-names.ts';
import type { BranchRouting } from '../plan/routing.ts';
import { slug } from './target-ids.ts';

const ID_MAX = 32;
/** Room for a number that makes an id unique. */
const NUMBER_CHARS = 4;
/** Labels that stand for a tree or a rollback root in the names that Pawl makes. */
const TAKEN = /^(?:rollback|[gr]\d{6,15})$/;

/**
 * The id of a branch: what its routing is called, or the record's set identifier where only that tells it from others.
 *
 * @param taken ids of the other branches; the new one is added.
 */
export function branchId(routing: BranchRouting, key: string, taken: Set<string>): string {
  const stem = slug(nameOf(routing, key))
    .slice(0, ID_MAX - NUMBER_CHARS)
    .replace(/-+$/, '');
  const wanted = TAKEN.test(stem) ? `${stem.slice(0, ID_MAX - NUMBER_CHARS - 2)}-b` : stem;
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${wanted}-${number}`;
  taken.add(id);
  return id;
}

function nameOf(routing: BranchRouting, key: string): string {
  if ('Region' in routing) return routing.Region;
  if ('GeoLocation' in routing) return geoPlace(routing.GeoLocation);
  if ('Failover' in routing) return routing.Failover;
  if ('CidrRoutingConfig' in routing) {
    const { LocationName } = routing.CidrRoutingConfig;
    return LocationName === '*' ? 'default' : LocationName;
  }
  return key;
}
