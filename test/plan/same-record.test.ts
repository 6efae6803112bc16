import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { AliasTarget, RecordSet } from '../../lib/plan/records.ts';
import { recordKey, sameRecord, sameRecords } from '../../lib/plan/records.ts';

// The emulator compares records with the same code, so its deletions prove nothing here.

const name = dnsName('api.example.test');
const target: AliasTarget = {
  zoneId: 'Z1',
  name: dnsName('g000001.example.test'),
  evaluateTargetHealth: false,
};
const alias: RecordSet = { name, type: 'A', alias: target };
const plain: RecordSet = { name, type: 'A', ttl: 60, values: ['192.0.2.1'] };
const bare: RecordSet = { name, type: 'A' };

/** The comparison in both directions. */
function same(a: RecordSet, b: RecordSet): boolean {
  const answer = sameRecord(a, b);
  expect(sameRecord(b, a)).toBe(answer);
  return answer;
}

it('has a key of its name, type and set identifier', () => {
  expect(recordKey(plain)).toBe('api.example.test A ');
  expect(recordKey({ ...plain, setIdentifier: 'one' })).toBe('api.example.test A one');
});

describe('an alias', () => {
  it('is the same as one that says the same', () => {
    expect(same(alias, { ...alias, alias: { ...target } })).toBe(true);
  });

  it.each([
    ['zone', { zoneId: 'Z2' }],
    ['name', { name: dnsName('g000002.example.test') }],
    ['health', { evaluateTargetHealth: true }],
  ])('is another when its %s is another', (_, other) => {
    expect(same(alias, { ...alias, alias: { ...target, ...other } })).toBe(false);
  });

  it('is not what has no alias', () => {
    expect(same(alias, bare)).toBe(false);
    expect(same(alias, plain)).toBe(false);
  });
});

describe('values', () => {
  const withValues = (...values: readonly string[]): RecordSet => ({ ...bare, values });

  it('are the same in any order', () => {
    expect(same(withValues('a', 'b', 'c'), withValues('c', 'a', 'b'))).toBe(true);
    expect(same(withValues('a'), withValues('a'))).toBe(true);
    expect(same(bare, { ...bare })).toBe(true);
  });

  it('are others when one is another, one more, one fewer, or when there are none', () => {
    expect(same(withValues('a'), withValues('b'))).toBe(false);
    expect(same(withValues('a', 'b'), withValues('a', 'c'))).toBe(false);
    expect(same(withValues('a', 'b'), withValues('c', 'b'))).toBe(false);
    expect(same(withValues('a'), withValues('a', 'b'))).toBe(false);
    expect(same(withValues('a', 'b'), withValues('a', 'b', 'c'))).toBe(false);
    expect(same(withValues('a', 'a'), withValues('a', 'b'))).toBe(false);
    expect(same(withValues('a'), bare)).toBe(false);
    expect(same(withValues(), bare)).toBe(false);
  });
});

it.each([
  ['name', { name: dnsName('web.example.test') }],
  ['type', { type: 'AAAA' }],
  ['TTL', { ttl: 61 }],
  ['no TTL', { ttl: undefined }],
  ['weight', { weight: 0 }],
  ['health check', { healthCheckId: 'h1' }],
  ['set identifier', { setIdentifier: 'one' }],
  ['routing', { routing: { Region: 'eu-west-1' } }],
])('is another when its %s is another', (_, other) => {
  expect(same(plain, { ...plain, ...other } as RecordSet)).toBe(false);
});

it('compares lists of records in any order, and their number', () => {
  expect(sameRecords([plain, alias], [alias, plain])).toBe(true);
  expect(sameRecords([], [])).toBe(true);
  expect(sameRecords([plain], [plain, plain])).toBe(false);
  expect(sameRecords([plain, plain], [plain])).toBe(false);
  expect(sameRecords([plain, bare], [plain, alias])).toBe(false);
  expect(sameRecords([bare], [alias])).toBe(false);
});
