import type { DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { ZonePrecondition } from './precondition.ts';
import { later, met, unmet } from './precondition.ts';
import type { HostedZoneFacts, SurveyedZone, Surveys } from './survey.ts';
import { NotAsked } from './survey.ts';

/** Below this share of its limit a zone has little room: trees of a new generation stand beside those of the old one. */
const ROOM_MIN_SHARE = 0.1;
/** As many reads at once as a deployment keeps of the account's burst for people and urgent work, unless it says otherwise. */
const BURST = 10;

const exists: ZonePrecondition = {
  id: 'zone',
  asserts: 'The hosted zone exists and has the name that the deployment gives it.',
  weight: 'blocks',
  unmetMeans: 'The stack deploys, and nothing that is pushed to the cell is ever applied.',
  look: async ({ zones }, zone) => {
    const facts = await zones.describe(zone);
    if (facts === undefined) return unmet(`there is no hosted zone ${zone.zoneId} ${placeOf(zone)}`);
    if (facts.name !== dnsName(zone.zone))
      return unmet(`${zone.zoneId} is the hosted zone ${facts.name}, not ${zone.zone}`);
    return met(`${facts.private ? 'private' : 'public'} hosted zone ${facts.name}`);
  },
};

const delegation: ZonePrecondition = {
  id: 'delegation',
  asserts: 'The zone above delegates to exactly the name servers of the hosted zone.',
  weight: 'blocks',
  unmetMeans: 'Clients ask other servers, or none: what the cell applies reaches some of them or nobody.',
  look: async (surveys, zone) => {
    const { private: isPrivate, nameServers } = await described(surveys, zone);
    if (isPrivate) return later('a private zone has no delegation: resolvers of its VPCs answer for it');
    const above = await surveys.names.delegation(dnsName(zone.zone));
    if (above === undefined) return unmet(`nothing above ${zone.zone} delegates it`);
    const missing = nameServers.filter((name) => !above.includes(name));
    const foreign = above.filter((name) => !nameServers.includes(name));
    if (missing.length + foreign.length === 0) return met(`${above.length} name servers, all of this zone`);
    const parts = [
      ...(foreign.length === 0 ? [] : [`names ${list(foreign)}, not of this zone`]),
      ...(missing.length === 0 ? [] : [`leaves out ${list(missing)}`]),
    ];
    return unmet(`the zone above ${parts.join(', and ')}`);
  },
};

const recordRoom: ZonePrecondition = {
  id: 'record-room',
  asserts: 'The zone has room for the trees of a new generation beside those of the old ones.',
  weight: 'advises',
  unmetMeans: 'Route 53 refuses new trees when the zone is full: the cell keeps its last answers.',
  look: async ({ zones }, zone) => {
    const { used, limit } = await zones.records(zone);
    const detail = `${used} of ${limit} record sets`;
    return limit - used < limit * ROOM_MIN_SHARE ? unmet(detail) : met(detail);
  },
};

const recovery: ZonePrecondition = {
  id: 'accelerated-recovery',
  asserts: 'Accelerated recovery is enabled, so that the zone can be changed while us-east-1 is away.',
  weight: 'advises',
  unmetMeans:
    'While us-east-1 is away the zone keeps answering and nothing in it can be changed; it can only be enabled beforehand (docs/control-plane-outage.md).',
  look: async (surveys, zone) => {
    const { private: isPrivate, acceleratedRecovery } = await described(surveys, zone);
    if (isPrivate) return later('Route 53 offers it for public zones alone');
    if (acceleratedRecovery === 'enabled') return met('enabled');
    return unmet(acceleratedRecovery === 'disabled' ? 'not enabled' : `it is ${acceleratedRecovery}`);
  },
};

const rate: ZonePrecondition = {
  id: 'rate',
  asserts: 'Route 53 answers a few requests at once, so that others leave the account a part of its rate.',
  weight: 'advises',
  unmetMeans:
    'Functions have little to borrow beyond their floors, and people are throttled: the lag of a change grows.',
  look: async ({ zones }, zone) => {
    const throttled = await zones.throttledOf(zone, BURST);
    const detail = `${throttled} of ${BURST} reads at once were throttled`;
    return throttled > 0 ? unmet(detail) : met(detail);
  },
};

/** What a hosted zone must be like, in the order in which one would look. */
export const ZONE_PRECONDITIONS: readonly ZonePrecondition[] = [
  exists,
  delegation,
  recordRoom,
  recovery,
  rate,
];

function placeOf({ readerRoleArn }: SurveyedZone): string {
  return readerRoleArn === undefined ? 'in this account' : `for the role ${readerRoleArn}`;
}

async function described({ zones }: Surveys, zone: SurveyedZone): Promise<HostedZoneFacts> {
  const facts = await zones.describe(zone);
  if (facts === undefined) throw new NotAsked(`there is no hosted zone ${zone.zoneId}`);
  return facts;
}

function list(names: readonly DnsName[]): string {
  return [...names].sort().join(', ');
}
