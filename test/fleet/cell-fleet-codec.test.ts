// @module-tag slow
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalIpv6 } from '../../lib/fleet/addresses.ts';
import { parseCellFleet, serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { CellFleet, FleetTarget } from '../../lib/plan/fleet-model.ts';
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
const zoneId = fc.stringMatching(/^Z[A-Z0-9]{1,31}$/);
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

test.each<[string, (body: Record<string, unknown>) => unknown, string]>([
  ['of a newer format', (body) => ({ ...body, format: 2 }), 'at format'],
  ['with a field too many', (body) => ({ ...body, more: 1 }), 'more'],
  ['without a field', ({ zoneId: _, ...body }) => body, 'at zoneId'],
  [
    'with a name that is not canonical',
    (body) => ({ ...body, zone: 'Example.test.' }),
    'a name is not in canonical form at zone',
  ],
  ['with a name that is none', (body) => ({ ...body, cell: 'A_b' }), 'is not a cell name'],
  ['without its targets', (body) => ({ ...body, targets: [] }), 'is not declared'],
  ['that is no fleet at all', () => 'fleet', 'expected object'],
  ['that is missing', () => undefined, 'expected object'],
])('a body %s is refused in one sentence', (_, damage, part) => {
  const body: unknown = stored(firstCell());
  const damaged = damage(Object.fromEntries(Object.entries(body ?? {})));
  expect(() => parseCellFleet(damaged)).toThrow(InvalidValue);
  expect(() => parseCellFleet(damaged)).toThrow(part);
  expect(() => parseCellFleet(damaged)).toThrow(
    /^A stored fleet cannot be read \(.*\): it is damaged, or a newer Pawl wrote it\.$/,
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
