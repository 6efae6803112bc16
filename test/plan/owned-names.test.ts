import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../lib/plan/invariant.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { clip, dnsName } from '../../lib/plan/names.ts';
import {
  cellOfFence,
  cellOfName,
  endpointLabels,
  endpointOfLabels,
  fenceName,
  isBranchId,
  labelGeneration,
  labelRescueSeq,
  offerName,
  overlongName,
  ownedSubtree,
  parseOwnedName,
  planTreeLabel,
  rescueTreeLabel,
  rollbackName,
  treeLabelOf,
  treeName,
} from '../../lib/plan/owned-names.ts';
import { cells, endpointsOf, SCOPE } from './arbitrary-names.ts';

const endpoints = endpointsOf(SCOPE.zone);
const numbers = fc.integer({ min: 1, max: 999_999_999_999_999 });
const treeLabels = fc
  .tuple(numbers, fc.boolean())
  .map(([n, plan]) => (plan ? planTreeLabel(n) : rescueTreeLabel(n)));

/** Everything that Pawl can name for an endpoint of a cell. */
const made = fc.record({
  cell: cells,
  endpoint: endpoints,
  label: fc.option(treeLabels, { nil: undefined }),
});

function nameOf({
  cell,
  endpoint,
  label,
}: {
  cell: typeof SCOPE.cell;
  endpoint: DnsName;
  label: string | undefined;
}) {
  const scope = { ...SCOPE, cell };
  return label === undefined ? rollbackName(endpoint, scope) : treeName(label, endpoint, scope);
}

describe('the names that Pawl makes', () => {
  it('are what the design shows', () => {
    const api = dnsName('api.example.test');
    expect(treeName(planTreeLabel(145), api, SCOPE)).toBe('g000145.api.use1-a._pawl.example.test');
    expect(rollbackName(api, SCOPE)).toBe('rollback.api.use1-a._pawl.example.test');
    expect(fenceName(SCOPE)).toBe('fence.use1-a._pawl.example.test');
    expect(ownedSubtree(SCOPE)).toBe('use1-a._pawl.example.test');
    expect(treeName(rescueTreeLabel(312), SCOPE.zone, SCOPE)).toBe('r000312._apex.use1-a._pawl.example.test');
    expect(rollbackName(dnsName('*.example.test'), SCOPE)).toBe('rollback._any.use1-a._pawl.example.test');
    expect(offerName(api, SCOPE)).toBe('_offer.api.use1-a._pawl.example.test');
    expect(offerName(dnsName('*.example.test'), SCOPE)).toBe('_offer._any.use1-a._pawl.example.test');
    expect(rollbackName(dnsName('*.a.example.test'), SCOPE)).toBe(
      'rollback._any.a.use1-a._pawl.example.test',
    );
  });

  it('read back as what they were made for', () => {
    fc.assert(
      fc.property(endpoints, treeLabels, (endpoint, label) => {
        const relative = endpointLabels(endpoint, SCOPE);
        const tree = treeName(label, endpoint, SCOPE);
        expect(parseOwnedName(tree, SCOPE)).toEqual({ kind: 'tree', label, endpoint: relative });
        expect(treeLabelOf(tree, SCOPE)).toBe(label);
        expect(parseOwnedName(rollbackName(endpoint, SCOPE), SCOPE)).toEqual({
          kind: 'rollback',
          endpoint: relative,
        });
        expect(parseOwnedName(offerName(endpoint, SCOPE), SCOPE)).toEqual({
          kind: 'offer',
          endpoint: relative,
        });
        expect(endpointOfLabels(relative, SCOPE)).toBe(endpoint);
      }),
    );
    expect(parseOwnedName(fenceName(SCOPE), SCOPE)).toEqual({ kind: 'fence' });
  });

  it('are never the same for two different trees, endpoints or cells', () => {
    fc.assert(
      fc.property(made, made, (a, b) => {
        const same = a.cell === b.cell && a.endpoint === b.endpoint && a.label === b.label;
        expect(nameOf(a) === nameOf(b)).toBe(same);
        expect(nameOf(a)).not.toBe(fenceName({ ...SCOPE, cell: b.cell }));
        expect(nameOf(a)).not.toBe(offerName(b.endpoint, { ...SCOPE, cell: b.cell }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('belong to their own cell alone', () => {
    fc.assert(
      fc.property(made, cells, (a, other) => {
        const owned = parseOwnedName(nameOf(a), { ...SCOPE, cell: other });
        expect(owned !== undefined).toBe(a.cell === other);
      }),
    );
  });

  it('are refused when they would be too long for DNS, and made when they just fit', () => {
    // `g000001.` + `.use1-a._pawl.example.test` leave 253 - 8 - 26 characters for the endpoint's own labels.
    const room = 253 - 'g000001.'.length - '.use1-a._pawl.example.test'.length;
    const relative = (length: number) =>
      'a'.repeat(length % 2) + '.a'.repeat(Math.floor(length / 2)).slice(1 - (length % 2));
    const endpoint = (length: number) => dnsName(`${relative(length)}.example.test`);
    const longest = room % 2 === 1 ? room : room - 1;
    expect(treeName('g000001', endpoint(longest), SCOPE)).toContain('g000001.a.a.');
    expect(() => treeName('g000001', endpoint(longest + 2), SCOPE)).toThrow(InvalidValue);
    expect(() => rollbackName(endpoint(longest), SCOPE)).toThrow(/more than 253/);
  });

  it('are named when they are too long, exactly when making one is refused', () => {
    const refusal = (make: () => unknown) => {
      try {
        make();
        return undefined;
      } catch (error) {
        return error instanceof InvalidValue ? error.message : String(error);
      }
    };
    for (const label of ['g000001', 'r000312', 'g123456789012345']) {
      for (let length = 195; length <= 215; length += 1) {
        const endpoint = dnsName(`${`${'a'.repeat(50)}.`.repeat(5).slice(0, length)}b.example.test`);
        const refused =
          refusal(() => treeName(label, endpoint, SCOPE)) ?? refusal(() => rollbackName(endpoint, SCOPE));
        const overlong = overlongName(label, endpoint, SCOPE);
        expect(overlong === undefined).toBe(refused === undefined);
        if (overlong !== undefined) expect(refused).toContain(`"${clip(overlong)}" is not a DNS name`);
      }
    }
    const zone = dnsName(`${'a'.repeat(60)}.`.repeat(4).concat('test'));
    const subtree = `use1-a._pawl.${zone}`;
    expect(overlongName('g000001', zone, { ...SCOPE, zone })).toBe(subtree);
  });

  it('cannot be made for an endpoint of another zone', () => {
    expect(() => endpointLabels(dnsName('api.example.org'), SCOPE)).toThrow(
      '"api.example.org" is not in the zone example.test.',
    );
    expect(() => treeName('g000001', dnsName('myexample.test'), SCOPE)).toThrow(InvalidValue);
  });
});

describe('the label of a tree', () => {
  it('holds its generation or its rescue, padded so that names line up', () => {
    expect(planTreeLabel(7)).toBe('g000007');
    expect(planTreeLabel(1_234_567)).toBe('g1234567');
    fc.assert(
      fc.property(numbers, (n) => {
        expect(labelGeneration(planTreeLabel(n))).toBe(n);
        expect(labelRescueSeq(planTreeLabel(n))).toBeUndefined();
        expect(labelRescueSeq(rescueTreeLabel(n))).toBe(n);
        expect(labelGeneration(rescueTreeLabel(n))).toBeUndefined();
      }),
    );
  });

  it.each(['g12345', 'g', 'G000145', 'x000145', 'g000145x', 'g1234567890123456', 'rollback'])(
    'is not %s',
    (label) => {
      expect(labelGeneration(label)).toBeUndefined();
      expect(labelRescueSeq(label)).toBeUndefined();
    },
  );
});

describe('the cell of a name', () => {
  it('is whoever made it, whichever cell asks', () => {
    fc.assert(
      fc.property(made, cells, (a, other) => {
        const scope = { ...SCOPE, cell: a.cell };
        for (const name of [nameOf(a), fenceName(scope), offerName(a.endpoint, scope), ownedSubtree(scope)])
          expect(cellOfName(name, SCOPE)).toBe(a.cell);
        expect(cellOfFence(fenceName(scope), { ...SCOPE, cell: other })).toBe(a.cell);
        expect(cellOfFence(nameOf(a), SCOPE)).toBeUndefined();
      }),
    );
  });

  it.each([
    'example.test',
    'api.example.test',
    '_pawl.example.test',
    'fence.use1-a._pawl.example.org',
    'fence.use1-a.pawl.example.test',
    'fence.-a._pawl.example.test',
    'fence.use1_a._pawl.example.test',
  ])('is nobody where no cell can have made %s', (name) => {
    expect(cellOfName(dnsName(name), SCOPE)).toBeUndefined();
    expect(cellOfFence(dnsName(name), SCOPE)).toBeUndefined();
  });
});

it('no branch can be called as an offer is, so that no node stands at the name of one', () => {
  expect(isBranchId('_offer')).toBe(false);
  expect(isBranchId('offer')).toBe(true);
  const node = dnsName('_offer.g000001.api.use1-a._pawl.example.test');
  expect(parseOwnedName(node, SCOPE)).toEqual({ kind: 'offer', endpoint: 'g000001.api' });
});

describe('a name below the subtree of a cell', () => {
  it.each([
    'use1-a._pawl.example.test',
    'x.use1-a._pawl.example.test',
    'g000001.use1-a._pawl.example.test',
    'g1.api.use1-a._pawl.example.test',
    'x.fence.use1-a._pawl.example.test',
    '*.api.use1-a._pawl.example.test',
  ])('is a stray when it is nothing that Pawl makes: %s', (name) => {
    expect(parseOwnedName(dnsName(name), SCOPE)).toEqual({ kind: 'stray' });
  });

  it.each([
    'example.test',
    '_pawl.example.test',
    'xuse1-a._pawl.example.test',
    'fence.use1-b._pawl.example.test',
    'g000001.api.use1-a._pawl.example.org',
  ])('is not meant by %s', (name) => {
    expect(parseOwnedName(dnsName(name), SCOPE)).toBeUndefined();
  });
});
