import { describe, expect, test } from 'vitest';
import type { DnsAnswer } from '../../../lib/emulator/dns/answer.ts';
import { answer } from '../../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../../lib/emulator/dns/answer-source.ts';
import type { DnsName } from '../../../lib/plan/names.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { alias, at, SOA_VALUE, set, sourceOf, ZONE } from './zones.ts';

function ask(source: AnswerSource, name: DnsName, type: string): DnsAnswer {
  return answer(source, { name, type }, 0.5);
}

const SOA_AUTHORITY = [{ name: ZONE, type: 'SOA', ttl: 300, value: SOA_VALUE }];

describe('a record set at the name', () => {
  test('answers with all its values and its time to live', () => {
    const source = sourceOf([set(at('api'), 'A', '192.0.2.1', '192.0.2.2')]);
    expect(ask(source, at('api'), 'A')).toEqual({
      rcode: 'NOERROR',
      authoritative: true,
      answers: [
        { name: at('api'), type: 'A', ttl: 60, value: '192.0.2.1' },
        { name: at('api'), type: 'A', ttl: 60, value: '192.0.2.2' },
      ],
      authorities: [],
      additionals: [],
    });
  });

  test('of another type is NODATA, with an SOA that says how long to remember it', () => {
    const source = sourceOf([set(at('api'), 'A', '192.0.2.1')]);
    expect(ask(source, at('api'), 'AAAA')).toEqual({
      rcode: 'NOERROR',
      authoritative: true,
      answers: [],
      authorities: SOA_AUTHORITY,
      additionals: [],
    });
  });

  test('the negative time to live is the SOA record’s own when that is the smaller one', () => {
    const zone = dnsName('other.test');
    const soa = { name: zone, type: 'SOA', ttl: 30, values: ['ns.other.test. h.other.test. 1 2 3 4 86400'] };
    const source = sourceOf([], { others: [{ id: 'Z2', name: zone, records: [soa] }] });
    expect(ask(source, dnsName('x.other.test'), 'A').authorities).toMatchObject([{ ttl: 30 }]);
  });

  test('the apex answers for SOA and NS', () => {
    const source = sourceOf([]);
    expect(ask(source, ZONE, 'SOA').answers).toEqual([
      { name: ZONE, type: 'SOA', ttl: 900, value: SOA_VALUE },
    ]);
    expect(ask(source, ZONE, 'NS').answers.map(({ value }) => value)).toEqual([
      'ns1.example.test.',
      'ns2.example.net.',
    ]);
    expect(ask(source, ZONE, 'A')).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authorities: SOA_AUTHORITY,
    });
  });

  test('ANY is answered with one HINFO record', () => {
    const source = sourceOf([set(at('api'), 'A', '192.0.2.1'), set(at('api'), 'TXT', '"x"')]);
    expect(ask(source, at('api'), 'ANY').answers).toEqual([
      { name: at('api'), type: 'HINFO', ttl: 3600, value: '"RFC8482" ""' },
    ]);
    expect(ask(source, at('nobody'), 'ANY')).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
  });

  test('HTTPS and SVCB are answered as they stand', () => {
    const source = sourceOf([set(at('api'), 'HTTPS', '1 . alpn=h2')]);
    expect(ask(source, at('api'), 'HTTPS').answers).toEqual([
      { name: at('api'), type: 'HTTPS', ttl: 60, value: '1 . alpn=h2' },
    ]);
  });
});

describe('no record set at the name', () => {
  test('is NXDOMAIN with the SOA', () => {
    expect(ask(sourceOf([]), at('nobody'), 'A')).toEqual({
      rcode: 'NXDOMAIN',
      authoritative: true,
      answers: [],
      authorities: SOA_AUTHORITY,
      additionals: [],
    });
  });

  test('but one below it is NODATA: an empty non-terminal exists', () => {
    const source = sourceOf([set(at('a.b.c'), 'A', '192.0.2.1')]);
    expect(ask(source, at('b.c'), 'A')).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authorities: SOA_AUTHORITY,
    });
    expect(ask(source, at('c'), 'A').rcode).toBe('NOERROR');
    expect(ask(source, at('x.c'), 'A').rcode).toBe('NXDOMAIN');
  });

  test.each(['elsewhere.net', 'test', 'notexample.test'])('outside every zone: %s is refused', (name) => {
    expect(ask(sourceOf([]), dnsName(name), 'A')).toEqual({
      rcode: 'REFUSED',
      authoritative: false,
      answers: [],
      authorities: [],
      additionals: [],
    });
  });

  test.each(['AXFR', 'IXFR'])('%s is refused', (type) => {
    expect(ask(sourceOf([]), ZONE, type).rcode).toBe('REFUSED');
  });

  test('of nested zones the deepest answers', () => {
    const child = dnsName('child.example.test');
    const inChild = set(at('www.child'), 'A', '192.0.2.9');
    const source = sourceOf([set(at('www.child'), 'A', '192.0.2.1')], {
      others: [{ id: 'Z2', name: child, records: [inChild] }],
    });
    expect(ask(source, at('www.child'), 'A').answers).toMatchObject([{ value: '192.0.2.9' }]);
  });
});

describe('CNAME', () => {
  test('is followed within the zone, each with its own owner', () => {
    const source = sourceOf([
      set(at('www'), 'CNAME', 'Web.Example.test.'),
      set(at('web'), 'CNAME', 'api.example.test'),
      set(at('api'), 'A', '192.0.2.1'),
    ]);
    expect(ask(source, at('www'), 'A').answers).toEqual([
      { name: at('www'), type: 'CNAME', ttl: 60, value: 'Web.Example.test.' },
      { name: at('web'), type: 'CNAME', ttl: 60, value: 'api.example.test' },
      { name: at('api'), type: 'A', ttl: 60, value: '192.0.2.1' },
    ]);
  });

  test('asked for itself is answered with itself alone', () => {
    const source = sourceOf([set(at('www'), 'CNAME', 'api.example.test.'), set(at('api'), 'A', '192.0.2.1')]);
    expect(ask(source, at('www'), 'CNAME').answers).toMatchObject([{ type: 'CNAME' }]);
  });

  test('that leaves the zone ends the answer', () => {
    const source = sourceOf([set(at('www'), 'CNAME', 'cdn.example.net.')]);
    expect(ask(source, at('www'), 'A')).toMatchObject({
      rcode: 'NOERROR',
      answers: [{ name: at('www'), value: 'cdn.example.net.' }],
      authorities: [],
    });
  });

  test('to a name that is not there is NXDOMAIN, to one without the type NODATA, CNAME included', () => {
    const source = sourceOf([
      set(at('gone'), 'CNAME', 'nobody.example.test.'),
      set(at('six'), 'CNAME', 'api.example.test.'),
      set(at('api'), 'A', '192.0.2.1'),
    ]);
    expect(ask(source, at('gone'), 'A')).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: [{ type: 'CNAME' }],
      authorities: SOA_AUTHORITY,
    });
    expect(ask(source, at('six'), 'AAAA')).toMatchObject({
      rcode: 'NOERROR',
      answers: [{ type: 'CNAME' }],
      authorities: SOA_AUTHORITY,
    });
  });

  test('in a circle, or in a chain without end, ends', () => {
    const circle = sourceOf([
      set(at('a'), 'CNAME', 'b.example.test.'),
      set(at('b'), 'CNAME', 'a.example.test.'),
      set(at('self'), 'CNAME', 'self.example.test.'),
    ]);
    expect(ask(circle, at('a'), 'A').answers).toHaveLength(2);
    expect(ask(circle, at('self'), 'A').answers).toHaveLength(1);
    const chain = Array.from({ length: 100 }, (_, index) =>
      set(at(`n${index}`), 'CNAME', `n${index + 1}.example.test.`),
    );
    expect(ask(sourceOf(chain), at('n0'), 'A').answers).toHaveLength(17);
  });

  test('whose value is no name ends the answer', () => {
    const source = sourceOf([set(at('www'), 'CNAME', 'not a name')]);
    expect(ask(source, at('www'), 'A').answers).toMatchObject([{ value: 'not a name' }]);
  });
});

describe('wildcards (RFC 4592)', () => {
  const source = sourceOf([
    set(at('*'), 'A', '192.0.2.1'),
    set(at('*'), 'TXT', '"wild"'),
    set(at('host'), 'TXT', '"host"'),
    set(at('a.deep'), 'TXT', '"deep"'),
    set(at('*.cdn'), 'CNAME', 'host.example.test.'),
    set(at('below.\\052.odd'), 'A', '192.0.2.7'),
  ]);

  test('answer for any name below, under the name that was asked for', () => {
    expect(ask(source, at('anything'), 'A').answers).toEqual([
      { name: at('anything'), type: 'A', ttl: 60, value: '192.0.2.1' },
    ]);
    expect(ask(source, at('x.y.z'), 'A').answers).toMatchObject([{ name: at('x.y.z'), value: '192.0.2.1' }]);
    expect(ask(source, at('anything'), 'AAAA')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  test('do not answer for a name that is there, whatever its type', () => {
    expect(ask(source, at('host'), 'A')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  test('are blocked by an empty non-terminal, and below a closer encloser', () => {
    expect(ask(source, at('deep'), 'A')).toMatchObject({ rcode: 'NOERROR', answers: [] });
    expect(ask(source, at('b.deep'), 'A').rcode).toBe('NXDOMAIN');
    expect(ask(source, at('x.host'), 'A').rcode).toBe('NXDOMAIN');
  });

  test('answer when asked for literally', () => {
    expect(ask(source, at('*'), 'A').answers).toMatchObject([{ name: at('*'), value: '192.0.2.1' }]);
  });

  test('may hold a CNAME, which is followed', () => {
    expect(ask(source, at('img.cdn'), 'TXT').answers).toMatchObject([
      { name: at('img.cdn'), type: 'CNAME' },
      { name: at('host'), value: '"host"' },
    ]);
  });

  test('that are themselves empty non-terminals make NODATA, not NXDOMAIN', () => {
    expect(ask(source, at('x.odd'), 'A')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  test('may hold an alias', () => {
    const wild = sourceOf([alias(at('*.api'), 'A', at('tree')), set(at('tree'), 'A', '192.0.2.3')]);
    expect(ask(wild, at('eu.api'), 'A').answers).toEqual([
      { name: at('eu.api'), type: 'A', ttl: 60, value: '192.0.2.3' },
    ]);
  });
});

describe('delegations', () => {
  const servers = {
    name: at('sub'),
    type: 'NS',
    ttl: 3600,
    values: ['ns.sub.example.test.', 'ns.example.net.'],
  };
  const source = sourceOf([
    servers,
    set(at('ns.sub'), 'A', '192.0.2.53'),
    set(at('ns.sub'), 'AAAA', '2001:db8::53'),
    set(at('www.sub'), 'A', '192.0.2.1'),
    set(at('deep.sub'), 'NS', 'ns.example.org.'),
    { name: at('sub'), type: 'DS', ttl: 60, values: ['1 13 2 AB'] },
    set(at('into'), 'CNAME', 'www.sub.example.test.'),
  ]);

  test.each(['sub', 'www.sub', 'x.deep.sub', '*.sub'])(
    '%s is referred to the topmost cut, with its glue',
    (name) => {
      expect(ask(source, at(name), 'A')).toEqual({
        rcode: 'NOERROR',
        authoritative: false,
        answers: [],
        authorities: [
          { name: at('sub'), type: 'NS', ttl: 3600, value: 'ns.sub.example.test.' },
          { name: at('sub'), type: 'NS', ttl: 3600, value: 'ns.example.net.' },
        ],
        additionals: [
          { name: at('ns.sub'), type: 'A', ttl: 60, value: '192.0.2.53' },
          { name: at('ns.sub'), type: 'AAAA', ttl: 60, value: '2001:db8::53' },
        ],
      });
    },
  );

  test('DS at the cut is answered by the parent', () => {
    expect(ask(source, at('sub'), 'DS')).toMatchObject({ authoritative: true, answers: [{ type: 'DS' }] });
  });

  test('a CNAME into the delegated part is answered, and the rest referred', () => {
    expect(ask(source, at('into'), 'A')).toMatchObject({
      authoritative: true,
      answers: [{ type: 'CNAME' }],
      authorities: [{ name: at('sub'), type: 'NS' }, { type: 'NS' }],
    });
  });
});

test('a fraction out of range is a mistake of the caller', () => {
  for (const fraction of [-0.1, 1, Number.NaN]) {
    expect(() => answer(sourceOf([]), { name: ZONE, type: 'A' }, fraction)).toThrow(RangeError);
  }
});
