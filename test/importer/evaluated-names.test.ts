import { describe, expect, it } from 'vitest';
import { describeZone } from '../../lib/importer/describe-zone.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };

function at(name: string, more: Partial<RecordSet>): RecordSet {
  return { name: dnsName(`${name}.example.com`), type: 'A', ...more };
}

function checked(name: string, more: Partial<RecordSet> = {}): RecordSet {
  return at(name, { ttl: 60, values: ['192.0.2.1'], healthCheckId: 'abc-1', ...more });
}

/** One of two weighted aliases; `more` with a check of its own cannot be imported. */
function to(name: string, target: string, more: Partial<RecordSet> = {}): RecordSet {
  const alias = { zoneId: ZONE.id, name: dnsName(`${target}.example.com`), evaluateTargetHealth: true };
  return at(name, { setIdentifier: target, weight: 1, alias, ...more });
}

const PLAIN = at('plain', { ttl: 60, values: ['192.0.2.2'] });

function imports(...records: readonly RecordSet[]): {
  readonly taken: readonly string[];
  readonly left: readonly string[];
} {
  const { cells, unexpressed } = describeZone(records, ZONE);
  const short = (text: string) => text.replaceAll('.example.com', '');
  return {
    taken: cells.flatMap(({ endpoints }) => endpoints.map(short)),
    left: unexpressed.map(({ name, reason }) => short(`${name}: ${reason}`)),
  };
}

const SAYS = 'is an alias to it that evaluates its health, which an endpoint does not report';

describe('a name whose health counts for another', () => {
  it('is left where that other has targets that are aliases to it', () => {
    expect(imports(to('api', 'pool'), to('api', 'plain'), checked('pool'), PLAIN)).toEqual({
      taken: ['api', 'plain'],
      left: [`pool: api ${SAYS}`],
    });
  });

  it('is left where that other is left, and so is what it goes by itself', () => {
    const own = { healthCheckId: 'abc-2', weight: undefined, routing: { Region: 'us-east-1' } };
    const records = [
      to('api', 'pool', own),
      to('pool', 'inner', { setIdentifier: undefined, weight: undefined }),
      checked('inner', { setIdentifier: 'a', weight: 1 }),
    ];
    expect(imports(...records).taken).toEqual([]);
    expect(imports(...records).left).toEqual([
      'api: its record "pool" has a health check of its own before those behind it, which no branch has',
      expect.stringContaining(SAYS),
      expect.stringContaining(SAYS),
    ]);
  });

  it('is taken where it cannot fail, or where what goes by it is a plain record', () => {
    expect(imports(to('api', 'plain'), PLAIN).taken).toEqual(['api', 'plain']);
    const plain = { setIdentifier: undefined, weight: undefined };
    expect(imports(to('www', 'pool', plain), checked('pool')).taken).toEqual(['www', 'pool']);
  });
});

describe('a name with health checks in one of its families alone', () => {
  const pool = [
    checked('pool', { setIdentifier: 'a', weight: 1 }),
    at('pool', { type: 'AAAA', ttl: 60, values: ['2001:db8::1'], setIdentifier: 'a', weight: 1 }),
  ];
  const plain = [PLAIN, at('plain', { type: 'AAAA', ttl: 60, values: ['2001:db8::2'] })];

  it('is in no route by an alias that does not go by its health', () => {
    const blind = ['A', 'AAAA'].flatMap((type) =>
      ['pool', 'plain'].map((target, index) => {
        const name = dnsName(`${target}.example.com`);
        const routing = { Region: index === 0 ? 'us-east-1' : 'eu-west-1' };
        const alias = { zoneId: ZONE.id, name, evaluateTargetHealth: false };
        return at('api', { type, setIdentifier: target, routing, alias });
      }),
    );
    const reason =
      'its record "pool" is an alias that does not evaluate the health of its target, and Pawl\'s branches do';
    expect(imports(...blind, ...pool, ...plain).left).toEqual([`api: ${reason}`, `api: ${reason}`]);
  });

  it('has no records of weight 0 behind it', () => {
    const spare = ['A', 'AAAA'].flatMap((type) => [
      to('api', 'pool', { type }),
      to('api', 'plain', { type, weight: 0 }),
    ]);
    const { left } = imports(...spare, ...pool, ...plain);
    expect(left[0]).toContain('a record of weight 0 stands behind health checks in one of the families');
  });
});
