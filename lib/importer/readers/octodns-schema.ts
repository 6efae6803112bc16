import { z } from 'zod';
import { integer, pattern, text } from '../../fleet/shapes.ts';

// The records of OctoDNS's YAML provider (its documentation, "records" and "dynamic records"), as far as an endpoint can
// have them. Other keys of a record are of other types and providers, and are not looked at. Every error text is a noun
// phrase that completes "use …" or "add …", as in lib/fleet/shapes.ts.

const VALUE = 'an address or a name';
const LIST = 'a list of addresses or names';

/** One value or a list: OctoDNS takes both for either key. */
const values = z
  .union([text(VALUE).transform((one) => [one]), z.array(text(VALUE))], { error: LIST })
  .optional();

const ttl = integer(0, 2_147_483_647, 'whole seconds').optional();

const GEO = /^[A-Z]{2}(-[A-Z]{2}(-[A-Z0-9]{1,3})?)?$/;
const geoCode = pattern(GEO, 'a continent, country or province, such as EU, EU-DE or NA-US-CA');

const list = <Item extends z.ZodType>(item: Item, what: string) => z.array(item, { error: what });

const pool = z.looseObject(
  {
    fallback: text('the name of a pool').nullish(),
    values: list(
      z.looseObject(
        {
          value: text(VALUE),
          // 100 is OctoDNS's own limit, 255 that of Route 53.
          weight: integer(0, 255, 'a whole number').optional(),
          status: z.enum(['up', 'down', 'obey'], { error: 'one of up, down, obey' }).optional(),
        },
        { error: 'a map with value, and weight and status where there are some' },
      ),
      'a list of maps with value',
    ).min(1, { error: 'a list of at least one value' }),
  },
  { error: 'a map with values' },
);

const rule = z.looseObject(
  {
    pool: text('the name of a pool'),
    geos: list(geoCode, 'a list of places').nullish(),
    subnets: list(text('a network'), 'a list of networks').nullish(),
  },
  { error: 'a map with pool' },
);

const healthcheck = z.looseObject(
  {
    host: text('the name of a host').nullish(),
    path: text('a path, such as /_dns').nullish(),
    port: integer(1, 65_535, 'a port').nullish(),
    protocol: z.string({ error: 'HTTPS, HTTP or TCP' }).nullish(),
  },
  { error: 'a map with host, path, port and protocol' },
);

const names = list(text('the name of a provider'), 'a list of providers').nullish();

export const settingsSchema = z.looseObject(
  {
    ignored: z.boolean({ error: 'true or false' }).nullish(),
    included: names,
    excluded: names,
    healthcheck: healthcheck.nullish(),
  },
  { error: 'a map of settings' },
);

/** A record of type A, AAAA or CNAME. */
export const answerSchema = z.looseObject(
  {
    ttl,
    value: values,
    values,
    geo: z
      .record(geoCode, z.array(text(VALUE), { error: LIST }).min(1, { error: LIST }), {
        error: 'a map of places such as EU, EU-DE or NA-US-CA',
      })
      .nullish(),
    dynamic: z
      .looseObject(
        {
          pools: z.record(z.string(), pool, { error: 'a map of pools' }),
          rules: list(rule, 'a list of rules').min(1, { error: 'a list of at least one rule' }),
        },
        { error: 'a map with pools and rules' },
      )
      .nullish(),
    octodns: settingsSchema.nullish(),
  },
  { error: 'a map with type and values' },
);

const aliasValue = z.looseObject(
  {
    type: text('the type of record that it is an alias to'),
    name: z.string({ error: 'a name' }).nullish(),
    'evaluate-target-health': z.boolean({ error: 'true or false' }).nullish(),
    'hosted-zone-id': text('the id of a hosted zone').nullish(),
  },
  { error: 'a map with type and name' },
);

/** A record of type Route53Provider/ALIAS. */
export const aliasSchema = z.looseObject(
  {
    value: aliasValue.optional(),
    values: z
      .union([aliasValue.transform((one) => [one]), z.array(aliasValue)], { error: 'a list of aliases' })
      .optional(),
    octodns: settingsSchema.nullish(),
  },
  { error: 'a map with type and values' },
);

/** Any record. */
export const recordSchema = z.looseObject(
  { type: text('a record type, such as A'), octodns: settingsSchema.nullish() },
  { error: 'a map with type, or a list of them' },
);

export type OctoDnsAnswer = z.output<typeof answerSchema>;
export type OctoDnsAlias = z.output<typeof aliasSchema>;
export type OctoDnsDynamic = NonNullable<OctoDnsAnswer['dynamic']>;
export type OctoDnsSettings = z.output<typeof settingsSchema>;
