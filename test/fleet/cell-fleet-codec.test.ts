// @module-tag slow
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalIpv6 } from '../../lib/fleet/addresses.ts';
import { parseCellFleet, serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { CellFleet, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { InvalidValue, InvariantViolated } from '../../lib/plan/invariant.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { fleetIn } from './fleet-text.ts';

const example = readFileSync(new URL('../../examples/fleet.yaml', import.meta.url), 'utf8');

function exampleCells(): readonly CellFleet[] {
  const file = fleetIn(example);
  const resolved = resolveFleet(file, new Map(file.cells.map(({ zone }, index) => [zone, `Z${index}`])));
  return resolved.type === 'resolved' ? resolved.cells : [];
}

function firstCell(): CellFleet {
  const [cell] = exampleCells();
  if (cell === undefined) throw new Error('the example has no cell');
  return cell;
}

/** As the ledger does: to JSON text and back. */
function stored(fleet: CellFleet): unknown {
  return JSON.parse(canonicalJson(serialiseCellFleet(fleet)));
}

const label = fc.stringMatching(/^[a-z0-9_]{1,12}$/);
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => dnsName(labels.join('.')));
const zoneId = fc.stringMatching(/^[A-Z0-9]{1,32}$/);
const target = (id: string): fc.Arbitrary<FleetTarget> =>
  fc.record(
    {
      id: fc.constant(id),
      az: fc.string({ minLength: 1, maxLength: 20 }),
      capacity: fc.integer({ min: 1, max: 1_000_000 }),
      health: fc.constantFrom('healthy', 'unhealthy', 'unknown'),
      ipv4: fc.array(fc.ipV4(), { maxLength: 3 }),
      ipv6: fc.array(
        fc.ipV6().map((address) => canonicalIpv6(address) ?? '::'),
        { maxLength: 3 },
      ),
      hostname: name,
      alias: fc.record({ zoneId, name, evaluateTargetHealth: fc.boolean() }),
      healthCheckId: fc.string({ minLength: 1, maxLength: 20 }),
      observedBy: fc.record({
        source: fc.constant('elbv2'),
        reference: fc.record({
          kind: fc.constantFrom('target-group', 'load-balancer'),
          arn: fc.string({ minLength: 1, maxLength: 20 }),
        }),
      }),
    },
    { requiredKeys: ['id', 'az', 'capacity', 'health', 'ipv4', 'ipv6'] },
  );
const percent = fc.integer({ min: 1, max: 100 });
const fleets: fc.Arbitrary<CellFleet> = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,64}$/), { maxLength: 6 })
  .chain((ids) =>
    fc.record({
      cell: fc.stringMatching(/^[a-z0-9]{1,32}$/).map(cellName),
      zone: name,
      zoneId,
      policy: fc.record({
        coalesceS: fc.integer({ min: 0, max: 86_400 }),
        capacityRemovedPercent: percent,
        capacityWindowS: fc.integer({ min: 60, max: 86_400 }),
        endpointsChangedPercent: percent,
        blindPercent: percent,
        retainGenerations: fc.integer({ min: 1, max: 50 }),
        retainMinutes: fc.integer({ min: 0, max: 10_080 }),
        unknownChangeS: fc.integer({ min: 60, max: 3_600 }),
      }),
      targets: fc.tuple(...ids.map(target)),
      endpoints: fc.uniqueArray(
        fc.record({
          name,
          kind: fc.constantFrom('addresses', 'hostname', 'alias'),
          ttl: fc.integer({ min: 0, max: 86_400 }),
          floor: fc.integer({ min: 1, max: 10_000 }),
          families: fc.subarray(['A', 'AAAA'] as const),
          targets: fc.subarray(ids),
        }),
        { selector: (endpoint) => endpoint.name, maxLength: 5 },
      ),
    }),
  );

test('any fleet is read back as it was written', () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      expect(parseCellFleet(stored(fleet))).toEqual(fleet);
    }),
    { numRuns: 400 },
  );
});

test('the example is read back as it was written', () => {
  const cells = exampleCells();
  expect(cells).toHaveLength(3);
  for (const cell of cells) expect(parseCellFleet(stored(cell))).toEqual(cell);
});

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api-1/0123456789abcdef';
/** A target as the release before this model wrote it, to the octet. */
const WRITTEN_BEFORE = `{"az":"use1-az1","capacity":100,"elbv2":{"arn":"${ARN}","kind":"target-group"},"health":"healthy","id":"api-1","ipv4":["192.0.2.10"],"ipv6":[]}`;

test('what a target is observed by is stored under the key of that source, as it always was', () => {
  const { endpoints: _, targets: __, ...cell } = firstCell();
  const fleet: CellFleet = {
    ...cell,
    endpoints: [],
    targets: [
      {
        id: 'api-1',
        az: 'use1-az1',
        capacity: 100,
        health: 'healthy',
        ipv4: ['192.0.2.10'],
        ipv6: [],
        observedBy: { source: 'elbv2', reference: { kind: 'target-group', arn: ARN } },
      },
    ],
  };
  expect(canonicalJson(serialiseCellFleet(fleet))).toContain(`"targets":[${WRITTEN_BEFORE}]`);
  expect(parseCellFleet(stored(fleet))).toEqual(fleet);
});

test.each<[string, object]>([
  ['an unknown source', { source: 'other', reference: { kind: 'target-group', arn: ARN } }],
  ['a reference that is none of its source', { source: 'elbv2', reference: { group: ARN } }],
])('a target that is observed by %s is never written', (_, observedBy) => {
  const { targets, ...cell } = firstCell();
  const changed = targets.map((each) => ({
    ...each,
    observedBy: observedBy as FleetTarget['observedBy'] & {},
  }));
  expect(() => serialiseCellFleet({ ...cell, targets: changed })).toThrow(InvariantViolated);
});

test('the model in memory is not what is stored', () => {
  const body = Object.fromEntries(Object.entries(stored(firstCell()) ?? {}));
  const [first, ...others] = body['targets'] as object[];
  const inMemory = {
    ...first,
    observedBy: { source: 'elbv2', reference: { kind: 'target-group', arn: ARN } },
  };
  expect(() => parseCellFleet({ ...body, targets: [inMemory, ...others] })).toThrow('observedBy');
});

test.each<[string, (body: Record<string, unknown>) => unknown, string]>([
  ['of no format', (body) => ({ ...body, format: '1' }), 'it has no format'],
  ['with a field too many', (body) => ({ ...body, more: 1 }), 'more'],
  ['without a field', ({ zoneId: _, ...body }) => body, 'at zoneId'],
  [
    'with a name that is not canonical',
    (body) => ({ ...body, zone: 'Example.test.' }),
    'a name is not in canonical form at zone',
  ],
  ['with a name that is none', (body) => ({ ...body, cell: 'A_b' }), 'is not a cell name'],
  ['without its targets', (body) => ({ ...body, targets: [] }), 'is not declared'],
  ['that is no fleet at all', () => 'fleet', 'it has no format'],
  ['that is missing', () => undefined, 'it has no format'],
])('a body %s is refused in one sentence', (_, damage, part) => {
  const body: unknown = stored(firstCell());
  const damaged = damage(Object.fromEntries(Object.entries(body ?? {})));
  expect(() => parseCellFleet(damaged)).toThrow(InvalidValue);
  expect(() => parseCellFleet(damaged)).toThrow(part);
  expect(() => parseCellFleet(damaged)).toThrow(/^A stored fleet cannot be read \(.*\): it is damaged\.$/);
});

test('a body of before a value of the policy existed has its default', () => {
  const fleet = firstCell();
  const body = Object.fromEntries(Object.entries(stored(fleet) ?? {}));
  const { blindPercent: _, ...policy } = { ...fleet.policy, coalesceS: 7 };
  expect(parseCellFleet({ ...body, policy }).policy).toEqual({
    ...policy,
    blindPercent: DEFAULT_POLICY.blindPercent,
  });
});

test('a body of a later format is read if it may be, without what is not known', () => {
  const fleet = firstCell();
  const body = Object.fromEntries(Object.entries(stored(fleet) ?? {}));
  const targets = fleet.targets.map((each) => ({ ...each, witness: { group: 'rack-7' } }));
  const later = { ...body, format: 3, pawl: '0.9.0', targets, policy: { ...fleet.policy, more: 1 } };
  expect(parseCellFleet({ ...later, readableFrom: 1 })).toEqual(fleet);
  expect(() => parseCellFleet(later)).toThrow(
    new InvalidValue(
      'A stored fleet cannot be read: Pawl 0.9.0 wrote it in format 3, and this Pawl reads formats up to 2.',
    ),
  );
});

test('any damage is refused as such, or is none', () => {
  const entries = Object.entries(stored(firstCell()) ?? {});
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, pick) => {
      const [key] = entries[pick % entries.length] ?? ['format'];
      try {
        parseCellFleet({ ...Object.fromEntries(entries), [key]: value });
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidValue);
      }
    }),
    { numRuns: 500 },
  );
});

test('what could not be read back is never written', () => {
  const cell = firstCell();
  const twice = { ...cell, endpoints: [...cell.endpoints, ...cell.endpoints] };
  expect(() => serialiseCellFleet(twice)).toThrow(InvariantViolated);
  expect(() => serialiseCellFleet({ ...cell, zoneId: '/hostedzone/Z1' })).toThrow(InvariantViolated);
});
