import { z } from 'zod';
import { DEFAULT_POLICY } from '../plan/fleet-model.ts';
import { HOSTED_ZONE_ID } from '../plan/names.ts';
import { BAKE_MIN_S, DAY_S, MAX_CAPACITY, MAX_HEALTH_CHECK_ID_LENGTH, MAX_TARGETS_LISTED } from './bounds.ts';
import { DEFAULT_BAKE_S, DEFAULT_FLOOR, DEFAULT_HEALTH, DEFAULT_TTL_S } from './defaults.ts';
import { groupWord, routeSchema, targetIds } from './route-schema.ts';
import { integer, mapOf, oneOrList, pattern, strictMap, text } from './shapes.ts';
import { SOURCES } from './sources/sources.ts';

// The shape of the file only. The reading of cells checks what concerns two values or their meaning.

const CELL_KEY = 'a cell name of 1 to 32 of a-z, 0-9 and "-", not at an end, such as use1-a';
const TARGET_KEY = 'a target id of 1 to 64 of a-z, 0-9 and "-", such as api-1';
const ENDPOINT_KEY = 'a full name, such as api.example.test';
const TARGET_ID = /^[a-z0-9-]{1,64}$/;
/** So few characters that no two zones look alike: an evacuation takes out those that are spelled as it is. */
const ZONE_ID = /^[a-z0-9-]{1,64}$/;

const zoneIdSchema = pattern(HOSTED_ZONE_ID, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ');

export const policySchema = strictMap(
  {
    coalesce_s: integer(
      0,
      DAY_S,
      'whole seconds between routine plans,',
      DEFAULT_POLICY.coalesceS,
    ).optional(),
    capacity_removed_percent: integer(
      1,
      100,
      "a whole percentage of an endpoint's capacity,",
      DEFAULT_POLICY.capacityRemovedPercent,
    ).optional(),
    capacity_window_s: integer(60, DAY_S, 'whole seconds', DEFAULT_POLICY.capacityWindowS).optional(),
    endpoints_changed_percent: integer(
      1,
      100,
      "a whole percentage of the cell's endpoints,",
      DEFAULT_POLICY.endpointsChangedPercent,
    ).optional(),
    blind_percent: integer(
      1,
      100,
      "a whole percentage of the cell's targets,",
      DEFAULT_POLICY.blindPercent,
    ).optional(),
    retain_generations: integer(
      1,
      50,
      'a number of generations',
      DEFAULT_POLICY.retainGenerations,
    ).optional(),
    retain_min: integer(0, 10_080, 'whole minutes', DEFAULT_POLICY.retainMinutes).optional(),
    unknown_change_s: integer(60, 3_600, 'whole seconds', DEFAULT_POLICY.unknownChangeS).optional(),
  },
  'a map of policy settings',
);

const aliasSchema = strictMap(
  {
    zone_id: zoneIdSchema,
    name: text('the DNS name of the load balancer or other AWS resource'),
    evaluate_target_health: z
      .boolean({ error: 'true or false' })
      .meta({ description: 'true or false; true by default where Route 53 allows it' })
      .optional(),
  },
  'a map with zone_id and name',
);

/** Each source reads the value under its own key (lib/fleet/target-reading.ts). */
function withSources<Shape extends z.ZodRawShape>(shape: Shape): Shape {
  const keys = SOURCES.map(({ name, schema }) => [name, schema.optional()] as const);
  return { ...shape, ...Object.fromEntries(keys) };
}

export const targetSchema = strictMap(
  withSources({
    az: pattern(ZONE_ID, 'an availability zone id of 1 to 64 of a-z, 0-9 and "-", such as use1-az1'),
    capacity: integer(1, MAX_CAPACITY, "a whole number, in a unit that the endpoint's targets share,"),
    health: z
      .enum(['healthy', 'unhealthy', 'unknown'], { error: 'one of healthy, unhealthy, unknown' })
      .meta({ description: 'one of healthy, unhealthy, unknown', default: DEFAULT_HEALTH })
      .optional(),
    ipv4: oneOrList(
      text('an IPv4 address, such as 192.0.2.10'),
      'an IPv4 address, such as 192.0.2.10',
    ).optional(),
    ipv6: oneOrList(
      text('an IPv6 address, such as 2001:db8::10'),
      'an IPv6 address, such as 2001:db8::10',
    ).optional(),
    hostname: text('a DNS name, such as lb.example.net').optional(),
    alias: aliasSchema.optional(),
    health_check_id: text('a Route 53 health check id, in quotes', MAX_HEALTH_CHECK_ID_LENGTH).optional(),
  }),
  'a map that describes a target',
);

const familiesPhrase = 'a list of A, AAAA or both';

export const endpointSchema = strictMap(
  {
    kind: z
      .enum(['addresses', 'hostname', 'alias'], { error: 'one of addresses, hostname, alias' })
      .meta({ description: 'one of addresses, hostname, alias' }),
    targets: targetIds('a list of one or more target ids').optional(),
    standby: targetIds('a list of one or more target ids that answer when no target does').optional(),
    group: groupWord().optional(),
    route: routeSchema.optional(),
    floor: integer(1, MAX_TARGETS_LISTED, 'a number of serving targets', DEFAULT_FLOOR).optional(),
    ttl_s: integer(0, DAY_S, 'whole seconds', DEFAULT_TTL_S).optional(),
    families: z
      .array(z.enum(['A', 'AAAA'], { error: 'A or AAAA' }), { error: familiesPhrase })
      .min(1, { error: familiesPhrase })
      .max(2, { error: familiesPhrase })
      .meta({ description: familiesPhrase })
      .optional(),
  },
  'a map that describes an endpoint',
);

export const cellSchema = strictMap(
  {
    zone: text('the DNS name of a hosted zone, such as example.test'),
    zone_id: zoneIdSchema.optional(),
    policy: policySchema.optional(),
    targets: mapOf(pattern(TARGET_ID, TARGET_KEY), TARGET_KEY, targetSchema, 'a map of targets by id'),
    endpoints: mapOf(text(ENDPOINT_KEY), ENDPOINT_KEY, endpointSchema, 'a map of endpoints by name'),
  },
  'a map that describes a cell',
);

export const defaultsSchema = strictMap(
  {
    ttl_s: integer(0, DAY_S, 'whole seconds', DEFAULT_TTL_S).optional(),
    floor: integer(1, MAX_TARGETS_LISTED, 'a number of serving targets', DEFAULT_FLOOR).optional(),
    policy: policySchema.optional(),
  },
  'a map of defaults',
);

const wavesPhrase = 'a list of waves, each a list of one or more cells of this file';

/** In which order the cells of the file get it (lib/fleet/rollout-reading.ts). */
export const rolloutSchema = strictMap(
  {
    waves: z
      .array(z.array(text('the name of a cell of this file'), { error: wavesPhrase }), { error: wavesPhrase })
      .min(1, { error: wavesPhrase })
      .meta({ description: wavesPhrase }),
    bake_s: integer(
      BAKE_MIN_S,
      DAY_S,
      'whole seconds between the last flip of a wave and the next wave,',
      DEFAULT_BAKE_S,
    ).optional(),
  },
  'a map with waves and bake_s',
);

/** The whole file, in the terms that JSON Schema has: `z.toJSONSchema(fleetSchema)`. */
export const fleetSchema = strictMap(
  {
    version: z
      .literal(1, { error: '1, the version of this format' })
      .meta({ description: 'The version of this format.' }),
    defaults: defaultsSchema.optional(),
    rollout: rolloutSchema.optional(),
    cells: mapOf(
      pattern(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, CELL_KEY),
      CELL_KEY,
      cellSchema,
      'a map of cells by name',
    ),
  },
  'a map with version and cells',
);

export type PolicyInput = z.infer<typeof policySchema>;
export type TargetInput = z.infer<typeof targetSchema>;
export type EndpointInput = z.infer<typeof endpointSchema>;
export type DefaultsInput = z.infer<typeof defaultsSchema>;
