import { z } from 'zod';
import type { FleetRoute } from '../plan/fleet-model.ts';
import { isBranchId } from '../plan/owned-names.ts';
import type { RoutingPolicy } from '../plan/routing.ts';
import { MAX_TARGETS_LISTED } from './bounds.ts';

/** How a schema takes keys that it does not have. */
type MakeObject = typeof z.strictObject;

const text = z.string().min(1).max(64);
const BRANCHES_MAX = 100;

/** Schema of a route in a stored fleet. */
export function routeSchema(object: MakeObject): z.ZodType<FleetRoute> {
  const geoLocation = z.union([
    object({ ContinentCode: text }),
    object({ CountryCode: text, SubdivisionCode: text.exactOptional() }),
  ]);
  const bias = z.int().min(-99).max(99).exactOptional();
  const point = object({ Latitude: text, Longitude: text });
  const routing = {
    weighted: object({ weight: z.int().min(0).max(255) }),
    latency: object({ Region: text }),
    geolocation: object({ GeoLocation: geoLocation }),
    geoproximity: object({
      GeoProximityLocation: z.union([
        object({ AWSRegion: text, Bias: bias }),
        object({ Coordinates: point, Bias: bias }),
      ]),
    }),
    failover: object({ Failover: z.enum(['PRIMARY', 'SECONDARY']) }),
    cidr: object({ CidrRoutingConfig: object({ CollectionId: text, LocationName: text }) }),
  } as const satisfies Record<RoutingPolicy, z.ZodType>;
  const targets = object({
    type: z.literal('targets'),
    targets: z.array(z.string().regex(/^[a-z0-9-]{1,64}$/)).min(1),
    answer: z.enum(['weighted', 'multivalue']),
    floor: z.int().min(1).max(MAX_TARGETS_LISTED).exactOptional(),
    group: z.literal('az').exactOptional(),
  });
  const branchesOf = <Policy extends RoutingPolicy>(policy: Policy) =>
    object({
      type: z.literal('branches'),
      policy: z.literal(policy),
      branches: z
        .array(
          object({
            id: z.string().refine(isBranchId, 'not a branch id'),
            routing: routing[policy],
            route: z.lazy(() => route),
          }),
        )
        .min(1)
        .max(BRANCHES_MAX),
    });
  const route: z.ZodType<FleetRoute> = z.union([
    targets,
    branchesOf('weighted'),
    branchesOf('latency'),
    branchesOf('geolocation'),
    branchesOf('geoproximity'),
    branchesOf('failover'),
    branchesOf('cidr'),
  ]);
  return route;
}
