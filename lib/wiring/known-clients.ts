import { isIP } from 'node:net';
import { z } from 'zod';
import { readPlace } from '../plan/place-names.ts';
import { REGION_NETWORKS } from './region-clients.ts';
import type { World } from './world.ts';

/** What a stack writes into the auditor's environment: addresses of clients by place, as a JSON object. */
export const auditClientsText = z.string().transform((text, context): ReadonlyMap<string, string> => {
  try {
    const clients = new Map(Object.entries(given.parse(JSON.parse(text))));
    const wrong = [...clients].find(([place, client]) => readPlace(place) !== place || isIP(client) === 0);
    if (wrong === undefined) return clients;
    context.addIssue(`not a place and the IP address of a client there: ${wrong.join(' ')}`);
  } catch (error) {
    context.addIssue(`not the clients of an audit: ${String(error)}`);
  }
  return z.NEVER;
});

const given = z.record(z.string(), z.string());

/**
 * The clients that are known on AWS: of each Region by a table, and those that a deployment names, which count before the
 * table's.
 *
 * @returns the address of a client at a place, undefined where nobody knows one.
 */
export function knownClients(named: ReadonlyMap<string, string> = new Map()): NonNullable<World['clientAt']> {
  const atRegions = REGION_NETWORKS.map(([region, network]) => [region, addressOf(network)] as const);
  const clients = new Map([...atRegions, ...named]);
  return async (place) => clients.get(place);
}

/** The first address of a network: as EDNS client subnet has it, whose bits behind the prefix are 0 (RFC 7871, 6). */
function addressOf(network: string): string {
  const [address = network] = network.split('/');
  return address;
}
