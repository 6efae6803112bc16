import { describe, expect, test } from 'vitest';
import { parseDomain, shownName } from '../../lib/emulator/domain-names.ts';
import { a, account, drop, put, txt, upsert } from './account.ts';

const cname = (name: string, value = 'elsewhere.test') => ({ name, type: 'CNAME', ttl: 60, values: [value] });

describe('names', () => {
  test('are folded to lower case, with or without the trailing dot', () => {
    const { change, names } = account();
    change(put(a('API.Example.TEST.', '192.0.2.1')));
    change(drop(a('api.example.test', '192.0.2.1')));
    expect(names()).toEqual([]);
  });

  test('take a wildcard as * or \\052, and show it as \\052', () => {
    const { change, refused, core, zoneId } = account();
    change(put(a('*.example.test', '192.0.2.1')));
    refused('InvalidChangeBatch', put(a('\\052.example.test', '192.0.2.1')));
    const [wildcard] = core.records(zoneId).filter(({ type }) => type === 'A');
    expect(wildcard?.name).toBe('*.example.test');
    expect(wildcard === undefined ? '' : shownName(wildcard.name)).toBe('\\052.example.test.');
  });

  test.each([
    ['a/b.example.test', 'a\\057b.example.test'],
    ['a\\057b.example.test.', 'a\\057b.example.test'],
    ['\\101.example.test', 'a.example.test'],
    ['x.*.example.test', 'x.\\052.example.test'],
    ['a\\056b.example.test', 'a\\056b.example.test'],
  ])('%s is kept as %s', (text, name) => {
    expect(parseDomain(text)).toEqual({ name });
  });

  test.each([
    ['', 'DomainNameEmpty'],
    ['.', 'DomainNameEmpty'],
    ['a..example.test', 'DomainLabelEmpty'],
    [`${'a'.repeat(64)}.example.test`, 'DomainLabelTooLong'],
    [`${'a.'.repeat(122)}example.test`, 'DomainNameTooLong'],
    ['a b.example.test', 'UnsupportedCharacter'],
    ['a\\08.example.test', 'UnsupportedCharacter'],
    ['é.example.test', 'UnsupportedCharacter'],
  ])('"%s" is refused: %s', (name, code) => {
    const { refused, names } = account();
    expect(refused('InvalidChangeBatch', put(a(name, '192.0.2.1'))).message).toContain(
      `FATAL problem: ${code}`,
    );
    expect(names()).toEqual([]);
  });

  test('outside the zone are refused, also those that only end alike', () => {
    const { refused } = account();
    for (const name of ['example.com', 'notexample.test', 'test']) {
      expect(refused('InvalidChangeBatch', put(a(name, '192.0.2.1'))).message).toBe(
        `[RRSet with DNS name ${name}. is not permitted in zone example.test.]`,
      );
    }
  });
});

describe('CNAME', () => {
  test('is refused beside any other type, and any other type beside it', () => {
    const { change, refused } = account();
    change(put(a('a.example.test', '192.0.2.1')), put(cname('c.example.test')));
    expect(refused('InvalidChangeBatch', put(cname('a.example.test'))).message).toBe(
      '[RRSet of type CNAME with DNS name a.example.test. is not permitted as it conflicts with other records with the same DNS name in zone example.test.]',
    );
    expect(refused('InvalidChangeBatch', upsert(txt('c.example.test', 'x'))).message).toBe(
      '[RRSet of type TXT with DNS name c.example.test. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone example.test.]',
    );
  });

  test('may take the place of another type in one batch', () => {
    const { change, names } = account();
    change(put(a('a.example.test', '192.0.2.1')));
    change(drop(a('a.example.test', '192.0.2.1')), put(cname('a.example.test')));
    expect(names()).toEqual(['a.example.test CNAME']);
  });

  test('is refused at the apex', () => {
    const { refused } = account();
    expect(refused('InvalidChangeBatch', put(cname('example.test'))).message).toContain(
      'RRSet of type CNAME with DNS name example.test. is not permitted at apex in zone example.test.',
    );
  });
});

describe('the apex', () => {
  test('has NS and SOA from the beginning, which cannot be deleted', () => {
    const { core, zoneId, refused } = account();
    const made = core.records(zoneId);
    expect(made.map(({ name, type }) => `${name} ${type}`)).toEqual(['example.test NS', 'example.test SOA']);
    const [ns, soa] = made;
    if (ns === undefined || soa === undefined) throw new Error('The zone has no NS or SOA.');
    expect(refused('InvalidChangeBatch', drop(ns)).message).toContain('at least one NS record');
    expect(refused('InvalidChangeBatch', drop(soa)).message).toContain('exactly one SOA record');
    expect(core.records(zoneId)).toEqual(made);
  });

  test('takes another NS and SOA in the place of its own', () => {
    const { core, zoneId, change } = account();
    const [ns, soa] = core.records(zoneId);
    if (ns === undefined || soa === undefined) throw new Error('The zone has no NS or SOA.');
    change(drop(ns), put({ ...ns, ttl: 60 }), upsert({ ...soa, ttl: 60 }));
    expect(core.records(zoneId).map(({ ttl }) => ttl)).toEqual([60, 60]);
  });

  test('is the only place for a SOA', () => {
    const { core, zoneId, refused } = account();
    const soa = core.records(zoneId).find(({ type }) => type === 'SOA');
    if (soa === undefined) throw new Error('The zone has no SOA.');
    refused('InvalidChangeBatch', put({ ...soa, name: 'sub.example.test' }));
  });
});
