import { dnsName } from '../../plan/names.ts';
import type { World } from '../../wiring/world.ts';
import { BadInput } from './failures.ts';

/** An id as Route 53 writes it. A zone's name is no id: it has a dot, or lower case. */
const ZONE_ID = /^(?:\/hostedzone\/)?(Z[A-Z0-9]{1,31})$/;

/** The id of the hosted zone with this name or id. @throws BadInput when there is none of that name. */
export async function hostedZoneId(world: World, text: string): Promise<string> {
  const id = ZONE_ID.exec(text)?.[1];
  if (id !== undefined) return id;
  const name = dnsName(text);
  const found = (await world.zoneIds([name])).get(name);
  if (found === undefined) throw new BadInput(`There is no public hosted zone ${name} here: check the name.`);
  return found;
}
