import { z } from 'zod';
import { mapOf, pattern, strictMap, text } from '../fleet/shapes.ts';

// The format of the document of a traffic policy (Route 53 API Reference, "Traffic Policy Document Format"), version
// 2015-10-01. Every error text is a noun phrase that completes "use …" or "add …", as in lib/fleet/shapes.ts.

const ID = /^[^\p{Cc}]{1,255}$/u;
const ID_PHRASE = 'an id of 1 to 255 characters';

function flag() {
  const error = 'true or false';
  return z
    .union([z.boolean(), z.enum(['true', 'false'])], { error })
    .transform((value) => value === true || value === 'true');
}

/** A number, or the text of one. */
function numeric(min: number, max: number, what: string) {
  const error = `${what} from ${min} to ${max}`;
  const inRange = (value: number) => value >= min && value <= max;
  return z
    .union([z.number(), z.string().regex(/^[+-]?\d+(\.\d+)?$/)], { error })
    .transform(Number)
    .refine(inRange, { error });
}

const region = z
  .string({ error: 'a Region, such as eu-west-1' })
  .min(1, { error: 'a Region, such as eu-west-1' })
  .transform((name) => name.replace(/^aws:route53:/, ''));

/** Where an item of a rule leads. */
const reference = {
  EndpointReference: text('the id of an endpoint of the document').optional(),
  RuleReference: text('the id of a rule of the document').optional(),
  EvaluateTargetHealth: flag().optional(),
  HealthCheck: text('the id of a health check').optional(),
};

const item = strictMap(reference, 'a map with EndpointReference or RuleReference');

const location = strictMap(
  {
    ...reference,
    IsDefault: flag().optional(),
    Continent: pattern(/^[A-Z]{2}$/, 'a continent, such as EU').optional(),
    Country: pattern(/^([A-Z]{2}|\*)$/, 'a country, such as DE, or "*"').optional(),
    Subdivision: pattern(/^[A-Z0-9]{1,3}$/, 'a part of a country, such as CA').optional(),
  },
  'a map with a place, and EndpointReference or RuleReference',
);

const point = strictMap(
  {
    ...reference,
    Region: region.optional(),
    Latitude: numeric(-90, 90, 'degrees').optional(),
    Longitude: numeric(-180, 180, 'degrees').optional(),
    Bias: numeric(-99, 99, 'a whole number').optional(),
  },
  'a map with Region, or Latitude and Longitude, and EndpointReference or RuleReference',
);

const RULES = 'one of failover, geo, geoproximity, latency, multivalue, weighted';

function list<Value extends z.ZodType>(value: Value) {
  const error = 'a list of at least one item';
  return z.array(value, { error }).min(1, { error });
}

const rule = z.discriminatedUnion(
  'RuleType',
  [
    strictMap(
      { RuleType: z.literal('failover'), Primary: item.optional(), Secondary: item.optional() },
      'a failover rule',
    ),
    strictMap({ RuleType: z.literal('geo'), Locations: list(location) }, 'a geolocation rule'),
    strictMap(
      { RuleType: z.literal('geoproximity'), GeoproximityLocations: list(point) },
      'a geoproximity rule',
    ),
    strictMap(
      {
        RuleType: z.literal('latency'),
        Regions: list(strictMap({ ...reference, Region: region }, 'a map with Region')),
      },
      'a latency rule',
    ),
    strictMap({ RuleType: z.literal('multivalue'), Items: list(item) }, 'a multivalue rule'),
    strictMap(
      {
        RuleType: z.literal('weighted'),
        Items: list(
          strictMap({ ...reference, Weight: numeric(0, 255, 'a whole number') }, 'a map with Weight'),
        ),
      },
      'a weighted rule',
    ),
  ],
  { error: RULES },
);

const ENDPOINT_TYPES = [
  'value',
  'cloudfront',
  'application-load-balancer',
  'elastic-load-balancer',
  'network-load-balancer',
  'elastic-beanstalk',
  's3-website',
] as const;

const endpoint = strictMap(
  {
    Type: z.enum(ENDPOINT_TYPES, { error: `one of ${ENDPOINT_TYPES.join(', ')}` }),
    Region: region.optional(),
    Value: text('what the endpoint answers with, of its type'),
  },
  'a map with Type and Value',
);

export const policySchema = strictMap(
  {
    AWSPolicyFormatVersion: z.literal('2015-10-01', { error: '"2015-10-01", the version that Pawl reads' }),
    RecordType: text('a record type, such as A'),
    StartEndpoint: text('the id of an endpoint of the document').optional(),
    StartRule: text('the id of a rule of the document').optional(),
    Endpoints: mapOf(pattern(ID, ID_PHRASE), ID_PHRASE, endpoint, 'a map of endpoints by id'),
    Rules: mapOf(pattern(ID, ID_PHRASE), ID_PHRASE, rule, 'a map of rules by id').optional(),
  },
  'the document of a traffic policy',
);

export type TrafficPolicy = z.output<typeof policySchema>;
export type PolicyRule = z.output<typeof rule>;
export type PolicyEndpoint = z.output<typeof endpoint>;
export type PolicyReference = z.output<typeof item>;
