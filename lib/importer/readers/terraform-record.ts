import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem } from '../../plan/names.ts';
import type { ForeignRouting, RecordSet } from '../../plan/records.ts';
import type { RecordValues } from './terraform-schema.ts';

/** The record set of a resource, or why there is none. */
export type ResourceReading =
  | { readonly type: 'record'; readonly record: RecordSet }
  | { readonly type: 'left'; readonly reason: string };

/** The name of the record set: the provider puts the zone's name behind one that has it not (its `expandRecordName`). */
export function recordName({ name, fqdn }: RecordValues, zone: DnsName): string {
  const given = present(fqdn) ?? name.toLowerCase().replace(/[.]$/, '');
  if (given === '') return zone;
  return given.endsWith(zone) ? given : `${given}.${zone}`;
}

/** A resource of type aws_route53_record. Pure. */
export function readResource(name: DnsName, values: RecordValues): ResourceReading {
  const { type, alias, records, ttl } = values;
  const routing = routingOf(values);
  const set = {
    ...{ name, type },
    setIdentifier: present(values.set_identifier),
    weight: values.weighted_routing_policy?.weight,
    healthCheckId: present(values.health_check_id),
    ...(Object.keys(routing).length === 0 ? {} : { routing }),
  };
  if (alias !== undefined) {
    const target = present(alias.name);
    const zoneId = present(alias.zone_id);
    if (target === undefined || zoneId === undefined)
      return left('what it is an alias to is not known before it is applied');
    const why = dnsNameProblem(target);
    if (why !== undefined) return left(`its alias "${target}" is no DNS name: ${why}`);
    const evaluateTargetHealth = alias.evaluate_target_health ?? false;
    return made({ ...set, alias: { zoneId, name: dnsName(target), evaluateTargetHealth } });
  }
  if (records == null || records.length === 0)
    return left('what it answers is not known before it is applied');
  return made({ ...set, ...(ttl == null ? {} : { ttl }), values: records });
}

/** The fields of every policy that the resource names, as the API has them. */
function routingOf(values: RecordValues): ForeignRouting {
  const { multivalue_answer_routing_policy: multivalue } = values;
  const latency = values.latency_routing_policy;
  const failover = values.failover_routing_policy;
  const cidr = values.cidr_routing_policy;
  const place = values.geolocation_routing_policy;
  const point = values.geoproximity_routing_policy;
  return {
    ...(multivalue === true ? { MultiValueAnswer: true } : {}),
    ...(latency === undefined ? {} : { Region: latency.region }),
    ...(failover === undefined ? {} : { Failover: failover.type }),
    ...(cidr === undefined
      ? {}
      : { CidrRoutingConfig: { CollectionId: cidr.collection_id, LocationName: cidr.location_name } }),
    ...(place === undefined
      ? {}
      : {
          GeoLocation: without({
            ContinentCode: present(place.continent),
            CountryCode: present(place.country),
            SubdivisionCode: present(place.subdivision),
          }),
        }),
    ...(point === undefined
      ? {}
      : {
          GeoProximityLocation: without({
            AWSRegion: present(point.aws_region),
            LocalZoneGroup: present(point.local_zone_group),
            Bias: point.bias ?? undefined,
            Coordinates:
              point.coordinates === undefined
                ? undefined
                : { Latitude: point.coordinates.latitude, Longitude: point.coordinates.longitude },
          }),
        }),
  };
}

/** Terraform says an empty text where there is none. */
function present(text: string | null | undefined): string | undefined {
  return text == null || text === '' ? undefined : text;
}

function without(fields: Readonly<Record<string, unknown>>): ForeignRouting {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function made(record: RecordSet): ResourceReading {
  return { type: 'record', record };
}

function left(reason: string): ResourceReading {
  return { type: 'left', reason };
}
