import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDomain, shownName } from '../../lib/emulator/domain-names.ts';
import { InvalidValue } from '../../lib/plan/invariant.ts';
import {
  cellName,
  dnsName,
  dnsNameProblem,
  isWithin,
  reversedLabels,
  wildcardCovers,
} from '../../lib/plan/names.ts';
import { endpointsOf } from './arbitrary-names.ts';

const ZONE = dnsName('example.test');

describe('a DNS name', () => {
  it.each([
    ['API.Example.Test.', 'api.example.test'],
    ['\\052.example.test', '*.example.test'],
    ['*.example.test.', '*.example.test'],
    ['_sip._tcp.example.test', '_sip._tcp.example.test'],
    ['a\\100b.example.test', 'a\\100b.example.test'],
    ['x.\\052.example.test', 'x.\\052.example.test'],
    ['test', 'test'],
  ])('reads %s as %s', (text, name) => {
    expect(dnsName(text)).toBe(name);
  });

  it.each([
    ['', 'it is empty'],
    ['.', 'it is empty'],
    ['a..b', 'it has an empty label'],
    ['.a', 'it has an empty label'],
    ['a..', 'it has an empty label'],
    [`${'a'.repeat(64)}.test`, 'more than 63'],
    [`${'a.'.repeat(126)}ab`, 'it has 254 characters, more than 253'],
    ['a b.test', 'has a character that a name cannot hold as it is'],
    ['a*.test', 'has a character that a name cannot hold as it is'],
    ['a.*.test', 'a "*" can only be the first label'],
    ['a\\9.test', 'has a character that a name cannot hold as it is'],
    ['a\\777.test', 'has a character that a name cannot hold as it is'],
    ['ä.test', 'has a character that a name cannot hold as it is'],
  ])('refuses "%s" and says why', (text, why) => {
    expect(dnsNameProblem(text)).toContain(why);
    expect(() => dnsName(text)).toThrow(InvalidValue);
  });

  it('takes 63 octets a label and 253 characters, an escape counted as the one octet it stands for', () => {
    expect(dnsNameProblem(`${'a'.repeat(63)}.test`)).toBeUndefined();
    expect(dnsNameProblem(`${'a'.repeat(62)}\\100.test`)).toBeUndefined();
    expect(dnsNameProblem(`${'a'.repeat(63)}\\100.test`)).toContain('64 characters');
    expect(dnsNameProblem(`${'a.'.repeat(126)}a`)).toBeUndefined();
  });

  it('refuses any text or reads it into a name that reads back as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.stringMatching(/^[a-z*\\0-5.]{1,20}$/)), (text) => {
        if (dnsNameProblem(text) !== undefined) expect(() => dnsName(text)).toThrow(InvalidValue);
        else expect(dnsName(dnsName(text))).toBe(dnsName(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is one name however Route 53 shows it', () => {
    fc.assert(
      fc.property(endpointsOf(ZONE), (name) => {
        expect(dnsName(shownName(name))).toBe(name);
        expect(dnsName(shownName(name).toUpperCase())).toBe(name);
        expect(parseDomain(name)).toEqual({ name });
      }),
    );
  });

  it('never quotes an endless text whole', () => {
    expect(() => dnsName('a'.repeat(5_000))).toThrow(/^"a{77}\.\.\." is not a DNS name: .{1,160}$/);
  });
});

describe('names in a zone', () => {
  it('lie within an ancestor at a label, never in the middle of one', () => {
    expect(isWithin(ZONE, ZONE)).toBe(true);
    expect(isWithin(dnsName('a.example.test'), ZONE)).toBe(true);
    expect(isWithin(dnsName('aexample.test'), ZONE)).toBe(false);
    expect(isWithin(dnsName('test'), ZONE)).toBe(false);
  });

  it('are covered by a wildcard above them at any depth, but not by themselves or beside it', () => {
    const wildcard = dnsName('*.example.test');
    expect(wildcardCovers(wildcard, dnsName('a.example.test'))).toBe(true);
    expect(wildcardCovers(wildcard, dnsName('a.b.example.test'))).toBe(true);
    expect(wildcardCovers(wildcard, wildcard)).toBe(false);
    expect(wildcardCovers(wildcard, ZONE)).toBe(false);
    expect(wildcardCovers(ZONE, dnsName('a.example.test'))).toBe(false);
  });

  it('are ordered by their labels from the right, a hyphen before the end of a label', () => {
    const names = ['a.x.test', 'a-b.x.test', 'x.test', 'b.a.x.test'].map(dnsName);
    const keyed = (name: (typeof names)[number]) => reversedLabels(name);
    const sorted = [...names].sort((a, b) => (keyed(a) < keyed(b) ? -1 : 1));
    expect(sorted).toEqual(['x.test', 'a-b.x.test', 'a.x.test', 'b.a.x.test']);
  });
});

describe('a cell name', () => {
  it.each(['a', 'use1-a', '0', 'a'.repeat(32)])('takes %s', (text) => {
    expect(cellName(text)).toBe(text);
  });

  it.each(['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a'.repeat(33), 'a\n'])(
    'refuses %j with what it may be',
    (text) => {
      expect(() => cellName(text)).toThrow(/is not a cell name: use 1 to 32 of a-z, 0-9 and "-"/);
    },
  );
});
