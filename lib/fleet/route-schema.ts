import { z } from 'zod';
import { readPlace } from '../plan/place-names.ts';
import { MAX_TARGETS_LISTED } from './bounds.ts';
import { GROUPED, integer, mapOf, pattern, strictMap } from './shapes.ts';

const TARGET_ID = /^[a-z0-9-]{1,64}$/;
const BRANCH_ID = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const BRANCH_KEY = 'a branch name of 1 to 32 of a-z, 0-9 and "-", not at an end, such as blue';
const PLACE_KEY = 'default, a continent such as EU, a country such as DE, or a state such as US-CA';
const LOCATION_KEY = 'default, or a location of the collection, 1 to 16 of A-Z, a-z, 0-9, "-" and "_"';

/** What a branch, or the route of an endpoint, answers with: exactly one of targets and the policies. */
export interface RouteInput {
  readonly targets?: readonly string[] | undefined;
  readonly standby?: readonly string[] | undefined;
  readonly floor?: number | undefined;
  readonly answer?: 'weighted' | 'multivalue' | undefined;
  readonly group?: 'az' | undefined;
  readonly weighted?: Readonly<Record<string, RouteInput & { readonly share: number }>> | undefined;
  readonly latency?: Readonly<Record<string, RouteInput>> | undefined;
  readonly geolocation?: Readonly<Record<string, RouteInput>> | undefined;
  readonly elsewhere?: 'none' | undefined;
  readonly geoproximity?: Readonly<Record<string, RouteInput & ProximityInput>> | undefined;
  readonly failover?: { readonly primary: RouteInput; readonly secondary: RouteInput } | undefined;
  readonly cidr?: CidrInput | undefined;
}

export interface ProximityInput {
  readonly region?: string | undefined;
  readonly coordinates?: readonly number[] | undefined;
  readonly bias?: number | undefined;
}

export interface CidrInput {
  readonly collection: string;
  readonly locations: Readonly<Record<string, RouteInput>>;
}

/** A list of the ids of targets. */
export function targetIds(what: string) {
  return z
    .array(pattern(TARGET_ID, 'the id of a target of this cell, in quotes when it is all digits'), {
      error: what,
    })
    .min(1, { error: what })
    .max(MAX_TARGETS_LISTED, { error: `at most ${GROUPED.format(MAX_TARGETS_LISTED)} target ids` })
    .meta({ description: what });
}

/** How targets are grouped. */
export function groupWord() {
  return z
    .literal('az', { error: 'az, to group the targets by availability zone' })
    .meta({ description: 'az: the targets are grouped by availability zone' });
}

const branch: z.ZodType<RouteInput> = z.lazy(() => routeSchema);
const share: z.ZodType<RouteInput & { readonly share: number }> = z.lazy(() => shareSchema);
const point: z.ZodType<RouteInput & ProximityInput> = z.lazy(() => pointSchema);

/** The keys of every branch. */
function routeShape() {
  const places = (key: z.ZodString, phrase: string, what: string) => mapOf(key, phrase, branch, what);
  return {
    targets: targetIds('a list of one or more target ids').optional(),
    standby: targetIds('a list of one or more target ids that answer when no target does').optional(),
    floor: integer(1, MAX_TARGETS_LISTED, 'a number of serving targets').optional(),
    answer: z
      .enum(['weighted', 'multivalue'], { error: 'weighted or multivalue' })
      .meta({ description: 'weighted or multivalue' })
      .optional(),
    group: groupWord().optional(),
    weighted: mapOf(
      pattern(BRANCH_ID, BRANCH_KEY),
      BRANCH_KEY,
      share,
      'a map of branches by name, each with its share',
    ).optional(),
    latency: places(
      z.string().meta({ description: 'a Region' }),
      'a Region, such as eu-west-1',
      'a map of branches by Region',
    ).optional(),
    geolocation: places(
      pattern(/^(default|(continent-|country-)?[A-Z]{2}|[A-Z]{2}-[A-Z0-9]{1,3})$/, PLACE_KEY),
      PLACE_KEY,
      'a map of branches by place',
    ).optional(),
    elsewhere: z
      .literal('none', { error: 'none, where nobody else gets an answer' })
      .meta({ description: 'none: clients elsewhere get no answer' })
      .optional(),
    geoproximity: mapOf(
      pattern(BRANCH_ID, BRANCH_KEY),
      BRANCH_KEY,
      point,
      'a map of branches by name, each with its region or coordinates',
    ).optional(),
    failover: strictMap(
      { primary: branch, secondary: branch },
      'a map with primary and secondary',
    ).optional(),
    cidr: strictMap(
      {
        collection: pattern(
          /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
          'the id of a CIDR collection, such as 01234567-89ab-cdef-0123-456789abcdef',
        ),
        locations: places(
          pattern(/^[0-9A-Za-z_-]{1,16}$/, LOCATION_KEY),
          LOCATION_KEY,
          'a map of branches by location',
        ),
      },
      'a map with collection and locations',
    ).optional(),
  };
}

export const routeSchema = strictMap(routeShape(), 'a map with targets, or one of the routing policies');

const shareSchema = strictMap(
  { share: integer(0, 255, 'a whole number, in relation to the other shares,'), ...routeShape() },
  'a map with a share, and targets or a routing policy',
);

function degrees(max: number) {
  const error = `degrees from -${max} to ${max}, with at most two decimals`;
  return z.number({ error }).min(-max, { error }).max(max, { error });
}
const pointPhrase = 'a list of a latitude and a longitude, such as [53.35, -6.26]';

const pointSchema = strictMap(
  {
    region: z.string({ error: 'a Region, such as eu-west-1' }).optional(),
    coordinates: z
      .tuple([degrees(90), degrees(180)], { error: pointPhrase })
      .meta({ description: pointPhrase })
      .optional(),
    bias: integer(-99, 99, 'a whole number', 0).optional(),
    ...routeShape(),
  },
  'a map with a region or coordinates, and targets or a routing policy',
);

/** The schema of the branches in a map of them, by the key of the map: `weighted`, `geolocation`, `locations`. */
export function branchSchemaIn(map: string): z.ZodType {
  if (map === 'weighted') return shareSchema;
  return map === 'geoproximity' ? pointSchema : routeSchema;
}

/** The key that a person meant whose own, which a map of branches refuses, differs from it in case only. */
export function branchKeyMeant(map: string, key: string): string | undefined {
  const lower = key.toLowerCase();
  if (map === 'weighted' || map === 'geoproximity') return BRANCH_ID.test(lower) ? lower : undefined;
  if (map !== 'geolocation') return undefined;
  if (lower === 'default') return lower;
  const [, kind = '', code = ''] = /^(continent-|country-)?(.+)$/.exec(lower) ?? [];
  const place = `${kind}${code.toUpperCase()}`;
  return readPlace(place) === undefined ? undefined : place;
}
