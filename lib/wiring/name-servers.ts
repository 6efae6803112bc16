import type { DnsName } from '../plan/names.ts';
import type { NameSurvey, ZoneSurvey } from '../preflight/survey.ts';
import { NotAsked } from '../preflight/survey.ts';
import type { DnsServerAddress } from '../resolve/dns-transport.ts';

/** A hosted zone, of whose own name servers somebody asks. */
export interface ZoneToAsk {
  readonly zone: DnsName;
  readonly zoneId: string;
}

/** A name server of a zone. */
export interface NamedServer extends DnsServerAddress {
  /** `ns-1.awsdns-01.com` */
  readonly name: DnsName;
}

const DNS_PORT = 53;

/**
 * The name servers that Route 53 gave a zone (DelegationSet of GetHostedZone, API reference), each with the first IPv4
 * address that this machine's resolver finds; a server without one is left out. None for a private zone.
 *
 * @throws NotAsked where Route 53 or the resolver does not say it.
 */
export async function serversOfZone(
  surveys: { readonly zones: ZoneSurvey; readonly names: NameSurvey },
  { zone, zoneId }: ZoneToAsk,
): Promise<readonly NamedServer[]> {
  const described = await surveys.zones.describe({ zone, zoneId });
  if (described === undefined) throw new NotAsked(`there is no hosted zone ${zoneId}`);
  const servers: NamedServer[] = [];
  for (const name of described.nameServers) {
    const [host] = await surveys.names.addresses(name);
    if (host !== undefined) servers.push({ name, host, port: DNS_PORT });
  }
  return servers;
}
