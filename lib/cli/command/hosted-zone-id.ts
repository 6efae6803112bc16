import { dnsName, HOSTED_ZONE_ID } from '../../plan/names.ts';
import type { World } from '../../wiring/world.ts';
import { BadInput } from './failures.ts';

/** What Route 53 may put in front of an id. */
const ID_PREFIX = /^\/hostedzone\//;

/** The id of the hosted zone with this name or id. @throws BadInput when there is none of that name. */
export async function hostedZoneId(world: World, text: string): Promise<string> {
  const id = text.replace(ID_PREFIX, '');
  // A zone's name is no id: it has a dot, or lower case.
  if (HOSTED_ZONE_ID.test(id)) return id;
  const name = dnsName(text);
  const found = (await world.zoneIds([name])).get(name);
  if (found === undefined) throw new BadInput(`There is no hosted zone ${name} here: check the name.`);
  return found;
}
