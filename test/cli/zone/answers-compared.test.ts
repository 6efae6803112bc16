import { describe, expect, it } from 'vitest';
import type { Answered, AskedName } from '../../../lib/cli/zone/answers-compared.ts';
import { askAll, compareAnswers, comparedText } from '../../../lib/cli/zone/answers-compared.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { virtualClock } from '../../runtime/virtual-clock.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';

const API = dnsName('api.example.test');
const NAMES: readonly AskedName[] = [{ name: API, type: 'A', planned: new Set(['192.0.2.2']) }];

/** What a server said of the name: values, or an rcode without any. */
function answered(values: readonly string[], rcode = 'NOERROR'): Answered {
  const counts = {
    ...{
      answers: new Map(values.map((value) => [value, 4])),
      rcodes: new Map([[rcode, 4]]),
      errors: new Map(),
    },
    ...{ empty: values.length === 0 && rcode === 'NOERROR' ? 4 : 0, asked: 4 },
  };
  return new Map([[`${API} A`, counts]]);
}

function silence(): Answered {
  const counts = { answers: new Map(), rcodes: new Map(), errors: new Map([['timeout', 4] as const]) };
  return new Map([[`${API} A`, { ...counts, empty: 0, asked: 4 }]]);
}

describe('answers of before and after', () => {
  it.each([
    ['the same', answered(['192.0.2.1']), answered(['192.0.2.1']), 'All answer as before, or as planned.'],
    ['planned', answered(['192.0.2.1']), answered(['192.0.2.2']), 'All answer as before, or as planned.'],
    ['another', answered(['192.0.2.1']), answered(['192.0.2.3']), 'With an answer that nobody planned'],
    ['none', answered(['192.0.2.1']), answered([], 'NXDOMAIN'), 'Without an answer now: api.example.test A'],
    ['empty', answered(['192.0.2.1']), answered([]), 'Without an answer now: api.example.test A'],
    ['silence', answered(['192.0.2.1']), silence(), 'Without an answer now: api.example.test A'],
    ['none, as before', answered([], 'NXDOMAIN'), answered([], 'NXDOMAIN'), 'All answer as before'],
    ['known only now', silence(), answered(['192.0.2.1']), 'Nothing is known of api.example.test A'],
    ['not asked any more', answered(['192.0.2.1']), new Map(), 'Nothing is known of api.example.test A'],
  ])('that are %s', (_, before, after, text) => {
    expect(comparedText(compareAnswers(NAMES, before, after))).toContain(text);
  });

  it('are never called the same where the server said nothing', () => {
    const text = comparedText(compareAnswers(NAMES, silence(), silence()));
    expect(text).toBe(
      '1 question asked before and after. Nothing is known of api.example.test A: the DNS server did not reply.\n',
    );
  });

  it('are not asked for any more once the server has fallen silent', async () => {
    // Nobody listens at the discard port, and on this clock no reply comes at once.
    const server = { host: '127.0.0.1', port: 9 };
    const world = { clock: virtualClock(), randomness: seededRandomness() };
    const names = Array.from({ length: 20 }, (__, index) => ({
      ...({ name: dnsName(`h${index}.example.test`), type: 'A', planned: undefined } as const),
    }));
    const whom = { type: 'server', server, recursion: false, called: 'a test' } as const;
    expect(await askAll(world, whom, names)).toHaveProperty('size', 8);
  });
});
