import type { Route53Client } from '@aws-sdk/client-route-53';
import { ListHostedZonesByNameCommand } from '@aws-sdk/client-route-53';
import type { DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import type { RateBudget, Urgency } from '../runtime/rate-budget.ts';
import type { Attempt } from '../runtime/retry.ts';
import { retry } from '../runtime/retry.ts';
import { readRefusals } from '../zone/route53/refusal-shapes.ts';
import { parseZoneList } from '../zone/route53/service-answers.ts';
import { classify, deniedAdvice, isThrottling } from '../zone/route53/service-errors.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { DeployedCells } from './deployed-cells.ts';

export interface ZoneIdsCaller {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly budget: RateBudget;
  readonly urgency: Urgency;
  /** For one request with all its tries, milliseconds. */
  readonly deadlineMs: number;
  /** The cells of the caller's stack, which name their zones. */
  readonly cells?: DeployedCells | undefined;
}

/** Pages of 100 zones with one and the same name, private ones included. */
const PAGES_MAX = 10;
const ZONE_ID_PREFIX = '/hostedzone/';

interface Cursor {
  readonly DNSName: string;
  readonly HostedZoneId?: string;
}

/**
 * Ids of the hosted zones with these names, one listing a name (ListHostedZonesByName, API reference); names without a
 * zone are left out. Zones that the caller's stack names are not looked up: they may be another account's. Of the
 * others a public zone is meant before a private one, because split-horizon zones share a name.
 *
 * @throws ZoneUnavailable when Route 53 cannot be asked, or when several zones are left that may be meant.
 */
export async function zoneIds(
  client: Route53Client,
  names: readonly DnsName[],
  caller: ZoneIdsCaller,
): Promise<ReadonlyMap<DnsName, string>> {
  readRefusals(client);
  const found = new Map<DnsName, string>();
  for (const name of new Set(names)) {
    const deployed = [...(caller.cells?.values() ?? [])].filter(({ zone }) => zone === name);
    const ids = [...new Set(deployed.map(({ zoneId }) => zoneId))];
    const id = ids.length > 0 ? theOne(name, 'deployed', ids) : await lookedUp(client, name, caller);
    if (id !== undefined) found.set(name, id);
  }
  return found;
}

async function lookedUp(
  client: Route53Client,
  name: DnsName,
  caller: ZoneIdsCaller,
): Promise<string | undefined> {
  const zones = await zonesOf(client, name, caller);
  const idsWith = (isPrivate: boolean) =>
    zones.filter((zone) => zone.private === isPrivate).map(({ id }) => id);
  return theOne(name, 'public', idsWith(false)) ?? theOne(name, 'private', idsWith(true));
}

function theOne(name: DnsName, kind: string, ids: readonly string[]): string | undefined {
  if (ids.length <= 1) return ids[0];
  throw new ZoneUnavailable(
    `${ids.length} ${kind} hosted zones are called ${name} (${ids.join(', ')}): give the one that is meant as zone_id.`,
  );
}

interface FoundZone {
  readonly id: string;
  readonly private: boolean;
}

async function zonesOf(
  client: Route53Client,
  name: DnsName,
  caller: ZoneIdsCaller,
): Promise<readonly FoundZone[]> {
  const zones: FoundZone[] = [];
  let cursor: Cursor = { DNSName: name };
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await listFrom(client, cursor, caller);
    for (const zone of answer.zones) {
      // Sorted by name: the first of another name ends the run.
      if (zone.Name === undefined || zone.Id === undefined || dnsName(zone.Name) !== name) return zones;
      zones.push({ id: zone.Id.replace(ZONE_ID_PREFIX, ''), private: zone.Config?.PrivateZone === true });
    }
    const { NextDNSName, NextHostedZoneId } = answer;
    if (answer.IsTruncated !== true || NextDNSName === undefined || NextHostedZoneId === undefined)
      return zones;
    cursor = { DNSName: NextDNSName, HostedZoneId: NextHostedZoneId };
  }
  return zones;
}

async function listFrom(client: Route53Client, cursor: Cursor, caller: ZoneIdsCaller) {
  const { clock, budget, urgency, deadlineMs } = caller;
  const deadline: Instant = instant(clock.now() + deadlineMs);
  const send = async () => {
    const answer = await client.send(new ListHostedZonesByNameCommand(cursor));
    return { ...answer, zones: parseZoneList(answer) };
  };
  const outcome = await retry(
    caller,
    { deadline },
    async (): Promise<Attempt<Awaited<ReturnType<typeof send>>>> => {
      const permit = await budget.take({ urgency, deadline });
      if (permit === 'late') {
        throw new ZoneUnavailable('The rate budget left no room to look up hosted zones in time.');
      }
      try {
        const value = await send();
        permit.answered('served');
        return { type: 'done', value };
      } catch (error) {
        const { kind, reason } = classify(error);
        if (kind !== 'lost') permit.answered(isThrottling(error) ? 'throttled' : 'served');
        if (kind === 'busy' || kind === 'lost') return { type: 'again', cause: error };
        const advice =
          kind === 'denied'
            ? deniedAdvice(error, 'ListHostedZonesByName')
            : 'check the network and the endpoint';
        throw new ZoneUnavailable(`Route 53 does not list hosted zones (${reason}): ${advice}.`, {
          cause: error,
        });
      }
    },
  );
  if (outcome.type === 'done') return outcome.value;
  const { reason } = classify(outcome.cause);
  const message = `Route 53 did not list hosted zones within ${deadlineMs} ms (${reason}): check the network and the endpoint.`;
  throw new ZoneUnavailable(message, { cause: outcome.cause });
}
