import { z } from 'zod';
import { integer, text } from '../../fleet/shapes.ts';

// What `terraform show -json` prints of a state or a plan ("JSON Output Format"), and of it the resources
// aws_route53_record and aws_route53_zone (the AWS provider's documentation). What is not known before an apply is
// absent. Every error text is a noun phrase that completes "use …" or "add …", as in lib/fleet/shapes.ts.

/** A block of which a resource has one at most: a list of it. */
function block<Shape extends z.ZodRawShape>(shape: Shape, what: string) {
  return z
    .array(z.looseObject(shape, { error: what }), { error: `a list of ${what}` })
    .max(1, { error: `a list of one at most: ${what}` })
    .nullish()
    .transform((found) => found?.[0]);
}

const word = (what: string) => z.string({ error: what }).nullish();

export const recordValues = z.looseObject(
  {
    name: z.string({ error: 'a name' }),
    fqdn: word('a name'),
    type: text('a record type, such as A'),
    zone_id: word('the id of a hosted zone'),
    ttl: integer(0, 2_147_483_647, 'whole seconds').nullish(),
    records: z.array(z.string({ error: 'a value' }), { error: 'a list of values' }).nullish(),
    set_identifier: word('a set identifier'),
    health_check_id: word('the id of a health check'),
    multivalue_answer_routing_policy: z.boolean({ error: 'true or false' }).nullish(),
    alias: block(
      {
        name: word('a name'),
        zone_id: word('the id of a hosted zone'),
        evaluate_target_health: z.boolean({ error: 'true or false' }).nullish(),
      },
      'a map with name, zone_id and evaluate_target_health',
    ),
    weighted_routing_policy: block({ weight: integer(0, 255, 'a whole number') }, 'a map with weight'),
    latency_routing_policy: block({ region: text('a Region') }, 'a map with region'),
    failover_routing_policy: block({ type: text('PRIMARY or SECONDARY') }, 'a map with type'),
    geolocation_routing_policy: block(
      { continent: word('a continent'), country: word('a country'), subdivision: word('a subdivision') },
      'a map with continent, country and subdivision',
    ),
    geoproximity_routing_policy: block(
      {
        aws_region: word('a Region'),
        local_zone_group: word('a local zone group'),
        bias: integer(-99, 99, 'a whole number').nullish(),
        coordinates: block(
          { latitude: text('degrees'), longitude: text('degrees') },
          'a map with latitude and longitude',
        ),
      },
      'a map with aws_region or coordinates',
    ),
    cidr_routing_policy: block(
      { collection_id: text('the id of a CIDR collection'), location_name: text('a location') },
      'a map with collection_id and location_name',
    ),
  },
  { error: 'a map of attributes' },
);

export const zoneValues = z.looseObject(
  {
    name: word('a name'),
    zone_id: word('the id of a hosted zone'),
    id: word('the id of a hosted zone'),
  },
  { error: 'a map of attributes' },
);

const resource = z.looseObject(
  {
    address: text('the address of the resource'),
    type: text('the type of the resource'),
    mode: z.string({ error: 'managed or data' }).optional(),
    values: z.unknown(),
  },
  { error: 'a map with address and type' },
);

const moduleSchema = z.looseObject(
  {
    resources: z.array(resource, { error: 'a list of resources' }).nullish(),
    get child_modules() {
      return z.array(moduleSchema, { error: 'a list of modules' }).nullish();
    },
  },
  { error: 'a map with resources' },
);

const valuesSchema = z.looseObject(
  { root_module: moduleSchema.optional() },
  { error: 'a map with root_module' },
);

export const shownSchema = z.looseObject(
  {
    format_version: text('what "terraform show -json" prints'),
    values: valuesSchema.nullish(),
    planned_values: valuesSchema.nullish(),
    prior_state: z.looseObject({ values: valuesSchema.nullish() }, { error: 'a state' }).nullish(),
  },
  { error: 'what "terraform show -json" prints' },
);

export type Resource = z.output<typeof resource>;
export type Module = z.output<typeof moduleSchema>;
export type RecordValues = z.output<typeof recordValues>;
