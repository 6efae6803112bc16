import { describe, expect, it } from 'vitest';
import { comparedName, covers } from '../../lib/plan/name-patterns.ts';
import { dnsName } from '../../lib/plan/names.ts';

describe('a pattern of names', () => {
  it.each([
    ['api.example.test', 'api.example.test', true],
    ['API.example.test', 'api.example.test', true],
    ['api.example.test', 'apixexample.test', false],
    ['*.example.test', 'api.example.test', true],
    ['*.example.test', 'a.b.example.test', true],
    ['*.example.test', 'example.test', false],
    ['*', 'example.test', true],
    ['a?i.example.test', 'api.example.test', true],
    // A wildcard's own name, which Route 53 writes with its asterisk escaped.
    ['*.example.test', '*.example.test', true],
    ['\\052.example.test', '*.example.test', true],
    ['\\052.example.test', 'api.example.test', false],
    ['(api|www).example.test', 'api.example.test', false],
  ])('%s and the name %s: %s', (pattern, name, isCovered) => {
    expect(covers(pattern, comparedName(dnsName(name)))).toBe(isCovered);
  });
});
