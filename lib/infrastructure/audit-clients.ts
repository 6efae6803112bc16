import { isIP, isIPv4 } from 'node:net';
import { z } from 'zod';
import { readPlace } from '../plan/place-names.ts';

const BITS = { 4: 32, 6: 128 } as const;
/** Beyond it the auditor's environment would have no room for its cells (service-limits.ts). */
const CLIENTS_MAX_CHARS = 1_500;
const PLACES =
  'a Region (eu-west-1), a country (DE, country-SA), a state (US-CA), a continent (EU, continent-SA), coordinates (53.35,-6.26), or a location of a CIDR collection (cidr 01234567-89ab-cdef-0123-456789abcdef/office)';

/**
 * Reads the clients of a deployment: of each place the address of a client there, or a network, of which the address
 * before the prefix is the client. Places are given back by the names of lib/plan/place-names.ts.
 */
export const auditClients = z.record(z.string(), z.string()).transform((given, context) => {
  const clients = new Map<string, string>();
  for (const [text, client] of Object.entries(given)) {
    const place = readPlace(text);
    const address = addressIn(client);
    if (place === undefined) context.addIssue(`${text} is no place that a branch can be for: use ${PLACES}`);
    else if (address === undefined) {
      const what = `the client at ${text} is ${JSON.stringify(client)}, which is neither an IP address nor a network`;
      context.addIssue(`${what}: use one such as 192.0.2.1 or 192.0.2.0/24`);
    } else if (clients.has(place)) context.addIssue(`${place} is named twice: name one client of it`);
    else clients.set(place, address);
  }
  const chars = JSON.stringify(Object.fromEntries(clients)).length;
  if (chars > CLIENTS_MAX_CHARS)
    context.addIssue(
      `the clients come to ${chars} characters, and a function has room for ${CLIENTS_MAX_CHARS}: name fewer places`,
    );
  return Object.fromEntries(clients);
});

/** The address of `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1` or `2001:db8::/32`; undefined for any other text. */
function addressIn(text: string): string | undefined {
  const [, address = '', prefix] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (isIP(address) === 0) return undefined;
  return Number(prefix ?? 0) <= BITS[isIPv4(address) ? 4 : 6] ? address : undefined;
}
