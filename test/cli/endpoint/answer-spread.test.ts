import { describe, expect, it } from 'vitest';
import { answerSpread } from '../../../lib/cli/endpoint/answer-spread.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import type { Leaf, PlannedEndpoint } from '../../../lib/plan/plan.ts';

function endpoint(kind: PlannedEndpoint['kind'], leaves: readonly Leaf[]): PlannedEndpoint {
  const name = dnsName('api.example.test');
  return { name, kind, tree: dnsName('g000001.api.use1-a._pawl.example.test'), ttl: 60, leaves };
}

function leaf(target: string, weight: number, extra: Partial<Leaf>): Leaf {
  return { target, type: 'A', weight, capacity: weight, ...extra };
}

describe('the spread of answers', () => {
  it('counts a record of several values once, however many of them an answer holds', () => {
    const planned = endpoint('addresses', [
      leaf('two', 1, { values: ['192.0.2.1', '192.0.2.2'] }),
      leaf('one', 3, { values: ['192.0.2.3'] }),
    ]);
    const answers = new Map([
      ['192.0.2.1', 25],
      ['192.0.2.2', 25],
      ['192.0.2.3', 75],
    ]);
    const { targets, others } = answerSpread(planned, ['A'], { answers });
    expect(targets.map(({ target, answers: count, share }) => [target, count, share])).toEqual([
      ['two', 25, 0.25],
      ['one', 75, 0.75],
    ]);
    expect(others).toEqual([]);
  });

  it('weighs each family by itself', () => {
    const planned = endpoint('addresses', [
      leaf('both', 1, { values: ['192.0.2.1'] }),
      leaf('both', 1, { type: 'AAAA', values: ['2001:db8::1'] }),
      leaf('new', 1, { type: 'AAAA', values: ['2001:db8::2'] }),
    ]);
    const answers = new Map([
      ['192.0.2.1', 10],
      ['2001:db8::1', 4],
      ['2001:db8::2', 6],
    ]);
    const { targets } = answerSpread(planned, ['A', 'AAAA'], { answers });
    expect(targets.map(({ plannedShare, share }) => [plannedShare, share])).toEqual([
      [1, 1],
      [0.5, 0.4],
      [0.5, 0.6],
    ]);
  });

  it('knows a host name with its trailing dot', () => {
    const planned = endpoint('hostname', [leaf('blue', 1, { type: 'CNAME', values: ['blue.example.net'] })]);
    const { targets, others } = answerSpread(planned, ['CNAME'], {
      answers: new Map([['blue.example.net.', 7]]),
    });
    expect(targets[0]?.answers).toBe(7);
    expect(others).toEqual([]);
  });

  it('does not claim to know whose the answers of an alias are', () => {
    const alias = { zoneId: 'Z1', name: dnsName('lb.example.net'), evaluateTargetHealth: true };
    const { targets, others } = answerSpread(endpoint('alias', [leaf('lb', 1, { alias })]), ['A'], {
      answers: new Map([['198.51.100.1', 5]]),
    });
    expect(targets[0]).toMatchObject({ answers: null, share: null, plannedShare: 1 });
    expect(others).toEqual([{ answer: '198.51.100.1', answers: 5 }]);
  });

  it('lists answers that no plan explains', () => {
    const answers = new Map([['203.0.113.9', 2]]);
    expect(answerSpread(undefined, ['A'], { answers })).toEqual({
      targets: [],
      others: [{ answer: '203.0.113.9', answers: 2 }],
    });
  });
});
