import { z } from 'zod';
import type { RecordSet } from '../plan/records.ts';
import { hasUnknownRouting } from '../plan/records.ts';
import type { BranchRouting, RoutingPolicy } from '../plan/routing.ts';
import type { AnswerNode } from './answer-nodes.ts';

/** The policy of one record set, and its own part in it. */
export interface RecordRouting {
  readonly policy: AnswerNode['policy'];
  readonly routing?: BranchRouting | undefined;
}

const code = z.string().min(1);
const geoLocation = z.union([
  z.object({ ContinentCode: code }).transform(({ ContinentCode }) => ({ ContinentCode })),
  z
    .object({ CountryCode: code, SubdivisionCode: code.optional() })
    .transform(({ CountryCode, SubdivisionCode }) => ({
      CountryCode,
      ...(SubdivisionCode === undefined ? {} : { SubdivisionCode }),
    })),
]);
const bias = z.int().min(-99).max(99).optional();
const geoProximity = z.union([
  z
    .object({ AWSRegion: code, Bias: bias })
    .transform(({ AWSRegion, Bias }) => ({ AWSRegion, ...(Bias === undefined ? {} : { Bias }) })),
  z
    .object({ Coordinates: z.object({ Latitude: code, Longitude: code }), Bias: bias })
    .transform(({ Coordinates, Bias }) => ({ Coordinates, ...(Bias === undefined ? {} : { Bias }) })),
]);

/** The fields of a record set that say how it is routed (ResourceRecordSet, API reference), each with its policy. */
const FIELDS = {
  Region: { policy: 'latency', read: z.object({ Region: code }) },
  Failover: { policy: 'failover', read: z.object({ Failover: z.enum(['PRIMARY', 'SECONDARY']) }) },
  GeoLocation: { policy: 'geolocation', read: z.object({ GeoLocation: geoLocation }) },
  GeoProximityLocation: {
    policy: 'geoproximity',
    read: z.object({ GeoProximityLocation: geoProximity }),
  },
  CidrRoutingConfig: {
    policy: 'cidr',
    // The file says "default" for "*": a location of that very name has none.
    read: z.object({
      CidrRoutingConfig: z.object({
        CollectionId: code,
        LocationName: code.refine((name) => name !== 'default'),
      }),
    }),
  },
} as const satisfies Readonly<
  Record<string, { readonly policy: RoutingPolicy; readonly read: z.ZodType<BranchRouting> }>
>;

function isField(name: string): name is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, name);
}

/** The routing of one record set, or why no fleet file can say it. */
export function recordRouting(record: RecordSet): RecordRouting | string {
  const { setIdentifier, weight, routing } = record;
  if (hasUnknownRouting(record)) return 'its routing policy is not known';
  if (weight !== undefined) return { policy: 'weighted', routing: { weight } };
  if (routing === undefined || setIdentifier === undefined) return { policy: 'simple' };
  const names = Object.keys(routing).filter((name) => routing[name] !== undefined);
  const [name = ''] = names;
  if (names.includes('TrafficPolicyInstanceId'))
    return 'a traffic policy made it: give the document of the policy to --traffic-policy';
  if (name === 'MultiValueAnswer') return { policy: 'multivalue' };
  if (!isField(name) || names.length > 1)
    return `it is routed by the policy ${names.join(' and ')}, which no fleet file can say`;
  const { policy, read } = FIELDS[name];
  const found = read.safeParse(routing);
  return found.success
    ? { policy, routing: found.data }
    : `it is routed by ${policy} in a way that no fleet file can say (${JSON.stringify(routing[name])})`;
}
