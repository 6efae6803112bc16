import { z } from 'zod';
import type { IpBlock } from './ip-block.ts';
import { holds, ipBlock } from './ip-block.ts';

/** A point on the Earth, in degrees: latitude -90 to 90, longitude -180 to 180. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where a client is, as far as it is known. */
export interface ClientPlace {
  /** `AF`, `AN`, `AS`, `EU`, `NA`, `OC` or `SA`. */
  readonly continent?: string | undefined;
  /** Two capital letters (ISO 3166-1). */
  readonly country?: string | undefined;
  /** A subdivision of the country: `CA` of the United States is California. */
  readonly subdivision?: string | undefined;
  readonly coordinates?: Coordinates | undefined;
}

/** Where Regions and clients are; see docs/adr/0065-the-emulator-knows-places.md. */
export interface PlaceTable {
  /** By the Region's or the Local Zone Group's name. */
  readonly regions: ReadonlyMap<string, Coordinates>;
  /** Of several that hold a client the one with the longest prefix counts. */
  readonly subnets: readonly { readonly block: IpBlock; readonly place: ClientPlace }[];
}

/** A client that is nowhere: as it is for every address that the table does not have. */
const NOWHERE: ClientPlace = {};

const coordinates = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
const placeSchema = z.strictObject({
  continent: z.enum(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'a country is two capital letters')
    .optional(),
  subdivision: z
    .string()
    .regex(/^[A-Z0-9]{1,3}$/, 'a subdivision is one to three capital letters or digits')
    .optional(),
  coordinates: coordinates.optional(),
});
const block = z.string().transform((text, context) => {
  const read = ipBlock(text);
  if (read !== undefined) return read;
  context.addIssue({ code: 'custom', message: `"${text}" is not a network such as 192.0.2.0/24` });
  return z.NEVER;
});
const tableSchema = z.strictObject({
  regions: z.record(z.string(), coordinates).optional(),
  subnets: z.record(z.string(), placeSchema).optional(),
});

/** A table of places that cannot be read. The message is a phrase that says where. */
export class PlacesUnreadable extends Error {
  override readonly name = 'PlacesUnreadable';
}

/**
 * Reads a table: `regions`, by name to `latitude` and `longitude`, and `subnets`, by network to a place. What it leaves
 * out is as in `base`; a Region that it has replaces that of `base`, and so does `subnets` as a whole.
 *
 * @throws PlacesUnreadable
 */
export function placeTable(json: unknown, base: PlaceTable): PlaceTable {
  const { regions, subnets } = checked(tableSchema, json, []);
  return {
    regions: regions === undefined ? base.regions : new Map([...base.regions, ...Object.entries(regions)]),
    subnets:
      subnets === undefined
        ? base.subnets
        : Object.entries(subnets).map(([network, place]) => ({
            block: checked(block, network, ['subnets', network]),
            place,
          })),
  };
}

/** The place of a client, from its address or network. */
export function placeOf({ subnets }: PlaceTable, client: IpBlock | undefined): ClientPlace {
  if (client === undefined) return NOWHERE;
  const found = subnets
    .filter((subnet) => holds(subnet.block, client))
    .sort((a, b) => b.block.prefix - a.block.prefix);
  return found[0]?.place ?? NOWHERE;
}

const EARTH_RADIUS_KM = 6371;

/** Kilometres along the great circle, on a globe. */
export function distanceKm(a: Coordinates, b: Coordinates): number {
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const chord =
    half(a.latitude, b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, at: readonly string[]): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const path = [...at, ...(issue?.path ?? [])].join('.');
  throw new PlacesUnreadable(`${path === '' ? 'the table' : path}: ${issue?.message ?? 'it is invalid'}`);
}
