import { describe, expect, it } from 'vitest';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { parseFence } from '../../lib/plan/fence.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { offerRecord } from '../../lib/plan/offers.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { fenceName, rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { oneOwner } from '../../lib/simulator/checkers/one-owner.ts';

const LEDGER = '5be1c07a';
const ZONE_ID = 'Z1';
const scopeOf = (cell: string): CellScope => ({
  cell: cellName(cell),
  zone: dnsName('example.test'),
  zoneId: ZONE_ID,
});
const GIVER = scopeOf('use1-a');
const TAKER = scopeOf('use1-b');
const THIRD = scopeOf('use1-c');
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

function fence(scope: CellScope, seq: number, more: { plan?: string; gen?: number } = {}): RecordSet {
  const { plan = 'aaaaaaaaaaaa', gen = 3 } = more;
  const value = `"v2 gen=${gen} seq=${seq} plan=${plan} frozen=0 ledger=${LEDGER} head=5:bbbbbbbbbbbb by=e-${seq} n=aaaaaaa${seq}"`;
  expect(parseFence(value)).toBeDefined();
  return { name: fenceName(scope), type: 'TXT', ttl: 5, values: [value] };
}

function tree(name: DnsName, scope: CellScope): RecordSet {
  return { name: treeName('g000001', name, scope), type: 'A', ttl: 60, values: ['192.0.2.1'] };
}

function alias(name: DnsName, to: RecordSet): RecordSet {
  return { name, type: 'A', alias: { zoneId: ZONE_ID, name: to.name, evaluateTargetHealth: false } };
}

const OFFER = offerRecord({ name: API, to: TAKER.cell, ledger: LEDGER }, GIVER);
/** What no handover of `api` changes. */
const STANDING = [
  tree(API, GIVER),
  tree(API, TAKER),
  tree(WEB, GIVER),
  alias(WEB, tree(WEB, GIVER)),
  alias(rollbackName(WEB, GIVER), tree(WEB, GIVER)),
];
const BEFORE = [
  ...STANDING,
  fence(GIVER, 1),
  fence(TAKER, 1),
  fence(THIRD, 1),
  OFFER,
  alias(API, tree(API, GIVER)),
  alias(rollbackName(API, GIVER), tree(API, GIVER)),
];
const TAKEN = [alias(API, tree(API, TAKER)), alias(rollbackName(API, TAKER), tree(API, TAKER))];
const FENCES = [fence(GIVER, 2), fence(TAKER, 2, { gen: 4 }), fence(THIRD, 1)];

/** Checks one batch of the taker's, after which these records stand. */
function check(after: readonly RecordSet[]): void {
  const peekAt = (cell: CellName) => ({
    ...initialState(cell, LEDGER),
    offers: cell === GIVER.cell ? [{ name: API, to: TAKER.cell, ledger: LEDGER, at: 0 }] : [],
    owned: cell === GIVER.cell ? [API, WEB] : [],
  });
  const zone = { scopes: [GIVER, TAKER, THIRD], records: () => after, peekAt };
  const checker = oneOwner(new Set([API, WEB]), zone);
  checker.check({ scope: TAKER, by: 'enactor-1', before: BEFORE, after, answerable: [after] });
}

describe('the rule that one cell owns each name', () => {
  it('lets a handover change both fences, the offer, the roots and the rollback roots', () => {
    expect(() => check([...STANDING, ...FENCES, ...TAKEN])).not.toThrow();
  });

  it.each([
    ['applies no plan', fence(GIVER, 2, { plan: '000000000000' })],
    ['is at another generation', fence(GIVER, 2, { gen: 4 })],
  ])('finds a handover after which the fence of the giver %s', (_, given) => {
    const fences = [given, ...FENCES.slice(1)];
    expect(() => check([...STANDING, ...fences, ...TAKEN])).toThrow(/use1-a, and changed its fence/);
  });

  it.each([
    ['a tree', STANDING[0]],
    ['another root', STANDING[3]],
    ['the rollback root of another endpoint', STANDING[4]],
  ])('finds a handover that deletes %s of the giver', (_, gone) => {
    const after = [...STANDING.filter((record) => record !== gone), ...FENCES, ...TAKEN];
    expect(() => check(after)).toThrow(/one owner: enactor-1 took/);
  });

  it('finds a handover that touches a third cell', () => {
    const fences = [...FENCES.slice(0, 2), fence(THIRD, 2)];
    expect(() => check([...STANDING, ...fences, ...TAKEN])).toThrow(/changed what is of use1-b and use1-c/);
  });

  it('finds a batch that moves nothing and changes what is of two cells', () => {
    const after = [...BEFORE.filter(({ type }) => type !== 'TXT'), OFFER, ...FENCES];
    expect(() => check(after)).toThrow(/changed what is of use1-a and use1-b/);
  });
});
