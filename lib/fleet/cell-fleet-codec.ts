import { z } from 'zod';
import type { CellFleet, FleetTarget } from '../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../plan/fleet-model.ts';
import { InvalidValue, invariant } from '../plan/invariant.ts';
import { cellName, dnsName, HOSTED_ZONE_ID } from '../plan/names.ts';
import { readability, writtenBy } from '../plan/stored-format.ts';
import { canonicalIpv6 } from './addresses.ts';
import { DAY_S, MAX_CAPACITY, MAX_TARGETS_LISTED } from './bounds.ts';
import { routeSchema } from './route-codec.ts';
import { SOURCES } from './sources/sources.ts';
import { oneLine, pathText } from './wording.ts';

/**
 * The newest known format of the stored body. A body is written in format 2 where an endpoint has a route or a target a
 * lease, which no reader of format 1 knows, else in format 1.
 */
const FORMAT = 2;
/** The first release that writes format 2. */
const FIRST_RELEASE = '0.5.0';

const integer = (min: number, max: number) => z.int().min(min).max(max);
const percent = integer(1, 100);
const text = z.string().min(1);
const targetId = z.string().regex(/^[a-z0-9-]{1,64}$/);
const zoneId = z.string().regex(HOSTED_ZONE_ID);
const dns = z.string().transform(branded(dnsName));
const cell = z.string().transform(branded(cellName));
const ipv6 = z
  .string()
  .refine((address) => canonicalIpv6(address) === address, 'not a canonical IPv6 address');

/** How a schema takes keys that it does not have: `z.strictObject` refuses them, `z.object` leaves them out. */
type MakeObject = typeof z.strictObject;

function policySchema(object: MakeObject) {
  // A fleet that was stored before one of these existed has its default.
  return object({
    coalesceS: integer(0, DAY_S).default(DEFAULT_POLICY.coalesceS),
    capacityRemovedPercent: percent.default(DEFAULT_POLICY.capacityRemovedPercent),
    capacityWindowS: integer(60, DAY_S).default(DEFAULT_POLICY.capacityWindowS),
    endpointsChangedPercent: percent.default(DEFAULT_POLICY.endpointsChangedPercent),
    blindPercent: percent.default(DEFAULT_POLICY.blindPercent),
    retainGenerations: integer(1, 50).default(DEFAULT_POLICY.retainGenerations),
    retainMinutes: integer(0, 10_080).default(DEFAULT_POLICY.retainMinutes),
    unknownChangeS: integer(60, 3_600).default(DEFAULT_POLICY.unknownChangeS),
  });
}

function targetSchema(object: MakeObject) {
  return object(
    withSources({
      id: targetId,
      az: text,
      capacity: integer(1, MAX_CAPACITY),
      health: z.enum(['healthy', 'unhealthy', 'unknown']),
      ipv4: z.array(z.ipv4()),
      ipv6: z.array(ipv6),
      hostname: dns.exactOptional(),
      alias: object({ zoneId, name: dns, evaluateTargetHealth: z.boolean() }).exactOptional(),
      healthCheckId: text.exactOptional(),
    }),
  ).transform((stored, context): FleetTarget => {
    // The shape has a key for each source, and its type does not know them.
    const own = { ...stored };
    const observers = SOURCES.flatMap(({ name, reference }) => {
      const given: unknown = Reflect.get(own, name);
      Reflect.deleteProperty(own, name);
      return given === undefined ? [] : [{ source: name, reference: reference.parse(given) }];
    });
    const [observedBy, another] = observers;
    if (another !== undefined) context.addIssue('a target is observed by two sources');
    return observedBy === undefined ? own : { ...own, observedBy };
  });
}

/** Each source has a key of its own in a stored target. */
function withSources<Shape extends z.ZodRawShape>(shape: Shape): Shape {
  const keys = SOURCES.map(({ name, reference }) => [name, reference.exactOptional()] as const);
  return { ...shape, ...Object.fromEntries(keys) };
}

/** A target as a stored fleet has it: the reference for its source is under the source's key. */
export function storedTarget({ observedBy, ...own }: FleetTarget): object {
  return observedBy === undefined ? own : { ...own, [observedBy.source]: observedBy.reference };
}

function endpointSchema(object: MakeObject) {
  return object({
    name: dns,
    kind: z.enum(['addresses', 'hostname', 'alias']),
    ttl: integer(0, DAY_S),
    floor: integer(1, MAX_TARGETS_LISTED),
    families: z.array(z.enum(['A', 'AAAA'])),
    targets: z.array(targetId),
    route: routeSchema(object).exactOptional(),
  });
}

function bodySchema(object: MakeObject) {
  return object({
    cell,
    zone: dns,
    zoneId,
    policy: policySchema(object),
    endpoints: z.array(endpointSchema(object)),
    targets: z.array(targetSchema(object)),
  }).superRefine((fleet, context) => {
    const ids = new Set(fleet.targets.map(({ id }) => id));
    const names = new Set(fleet.endpoints.map(({ name }) => name));
    if (ids.size !== fleet.targets.length) context.addIssue('two targets have one id');
    if (names.size !== fleet.endpoints.length) context.addIssue('two endpoints have one name');
    const unknown = fleet.endpoints.flatMap(({ targets }) => targets).find((id) => !ids.has(id));
    if (unknown !== undefined) context.addIssue(`the target ${unknown} is not declared`);
  });
}

/** Schema of a body in a known format, which has no other keys. */
const known = bodySchema(z.strictObject);
/** Schema of a body in a later format that is readable from this one: it may have more keys. */
const tolerant = bodySchema(z.object as unknown as MakeObject);

/**
 * The JSON body of a cell's fleet, as the ledger stores it by digest. {@link parseCellFleet} reads it back.
 *
 * @throws InvariantViolated when the fleet could not be read back: such a fleet must never be stored.
 */
export function serialiseCellFleet(fleet: CellFleet): unknown {
  const stored = { ...fleet, targets: fleet.targets.map(storedTarget) };
  const reading = known.safeParse(stored);
  invariant(
    reading.success,
    `The fleet of ${fleet.cell} could not be read back (${firstProblem(reading.error)}).`,
  );
  if (partOfFormat2(fleet) === undefined) return { format: 1, ...stored };
  return { format: FORMAT, readableFrom: FORMAT, pawl: FIRST_RELEASE, ...stored };
}

/** What a fleet has that only format 2 holds, such as `api.example.test has a route`; undefined when it has nothing. */
export function partOfFormat2({ endpoints, targets }: CellFleet): string | undefined {
  const routed = endpoints.find(({ route }) => route !== undefined);
  if (routed !== undefined) return `${routed.name} has a route`;
  const newer = SOURCES.filter(({ fleetFormat = 1 }) => fleetFormat > 1).map(({ name }) => name);
  const target = targets.find(({ observedBy }) => newer.includes(observedBy?.source ?? ''));
  return target === undefined ? undefined : `target ${target.id} has a ${target.observedBy?.source}`;
}

/**
 * Reads a body that {@link serialiseCellFleet} made, of this release or another
 * (docs/adr/0040-formats-of-what-is-stored.md).
 *
 * @throws InvalidValue when it is damaged, or in an unknown format.
 */
export function parseCellFleet(stored: unknown): CellFleet {
  const written = writtenBy(stored);
  if (written === undefined || stored === null || typeof stored !== 'object')
    throw new InvalidValue('A stored fleet cannot be read (it has no format): it is damaged.');
  const readable = readability(written, FORMAT);
  if (readable.type === 'newer') throw new InvalidValue(`A stored fleet cannot be read: ${readable.what}.`);
  const {
    format: _,
    readableFrom: __,
    pawl: ___,
    ...fields
  } = {
    ...{ format: undefined, readableFrom: undefined, pawl: undefined },
    ...stored,
  };
  const reading = (readable.type === 'known' ? known : tolerant).safeParse(fields);
  if (reading.success) return reading.data;
  throw new InvalidValue(`A stored fleet cannot be read (${firstProblem(reading.error)}): it is damaged.`);
}

function firstProblem(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  const where = pathText((issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part))));
  return `${oneLine(issue?.message ?? 'no reason given')}${where === '' ? '' : ` at ${where}`}`;
}

/** Runs a brand's constructor inside a schema. The name must already be in canonical form. */
function branded<Name extends string>(make: (given: string) => Name) {
  return (given: string, context: z.core.$RefinementCtx<string>): Name => {
    try {
      const name = make(given);
      if (name === given) return name;
      context.addIssue('a name is not in canonical form');
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      context.addIssue(error.message);
    }
    return z.NEVER;
  };
}
