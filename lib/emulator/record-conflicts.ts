import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { shownName } from './domain-names.ts';
import { TRAFFIC_POLICY } from './requested-changes.ts';
import type { Weakness } from './settings.ts';

const WEIGHTED_MAX = 100;

interface Surroundings {
  readonly zoneName: DnsName;
  readonly weak: (weakness: Weakness) => boolean;
}

/** Why `record` cannot stand beside the other record sets of its name. */
export function conflicts(
  { zoneName, weak }: Surroundings,
  record: RecordSet,
  others: readonly RecordSet[],
): string[] {
  const name = shownName(record.name);
  const zone = shownName(zoneName);
  const messages: string[] = [];
  if (record.type === 'CNAME' && record.name === zoneName) {
    messages.push(`RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone}`);
  }
  if (record.type === 'SOA' && record.name !== zoneName) {
    messages.push(`RRSet of type SOA with DNS name ${name} is not permitted in zone ${zone}`);
  }
  if (others.length === 0) return messages;
  if (!weak('cname-clash-accepted')) {
    if (record.type === 'CNAME' && others.some((other) => other.type !== 'CNAME')) {
      messages.push(
        `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone}`,
      );
    }
    if (record.type !== 'CNAME' && others.some((other) => other.type === 'CNAME')) {
      messages.push(
        `RRSet of type ${record.type} with DNS name ${name} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone ${zone}`,
      );
    }
  }
  const alike = others.filter((other) => other.type === record.type);
  if (alike.some((other) => routingKind(other) !== routingKind(record))) {
    const identifier = record.setIdentifier === undefined ? '' : `, SetIdentifier ${record.setIdentifier}`;
    messages.push(
      `RRSet with DNS name ${name}, type ${record.type}${identifier} cannot be created as other RRSets exist with the same name and type.`,
    );
  } else if (record.weight !== undefined && alike.some((other) => hasOtherTtl(other, record))) {
    messages.push(
      `RRSet with DNS name ${name} and type ${record.type}, SetIdentifier ${record.setIdentifier} cannot be created as weighted sets must contain the same TTL.`,
    );
  } else if (record.weight !== undefined && alike.length >= WEIGHTED_MAX) {
    messages.push(
      `Exceeded limit on number of weighted RRSets for ${name}, type ${record.type} in this zone.`,
    );
  }
  return messages;
}

/**
 * The words are as users quote them. It is on no record whether Route 53 asks for it after each change of a batch or
 * after the last: here after each, which is the stricter.
 */
function hasOtherTtl(a: RecordSet, b: RecordSet): boolean {
  return a.ttl !== undefined && b.ttl !== undefined && a.ttl !== b.ttl;
}

function routingKind(record: RecordSet): string {
  if (record.weight !== undefined) return 'weighted';
  return Object.keys(record.routing ?? {}).find((name) => name !== TRAFFIC_POLICY) ?? 'simple';
}
