import type { Answer, DecodedPacket, Packet } from 'dns-packet';
import { decode, encode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { respond, servfail } from '../../../lib/emulator/dns/respond.ts';
import { alias, at, set, sourceOf, ZONE } from './zones.ts';

const SOURCE = sourceOf([
  set(at('api'), 'A', '192.0.2.1', '192.0.2.2'),
  set(at('api'), 'AAAA', '2001:db8::1', '::ffff:192.0.2.3'),
  set(at('mail'), 'MX', '10 mx1.example.test.', '20 mx2.example.net'),
  set(at('txt'), 'TXT', '"v1 gen=145" "and \\"more\\" \\303\\251"', '"café"'),
  set(at('srv'), 'SRV', '1 2 443 api.example.test.'),
  set(at('caa'), 'CAA', '0 issue "ca.example.net"'),
  set(at('ptr'), 'PTR', 'api.example.test.'),
  set(at('www'), 'CNAME', 'Api.example.test.'),
  set(at('naptr'), 'NAPTR', '10 100 "S" "SIP+D2U" "" _sip._udp.example.test.'),
  set(at('ds'), 'DS', '12345 13 2 ABCD EF01'),
  set(at('tlsa'), 'TLSA', '3 1 1 ABCDEF01'),
  set(at('sshfp'), 'SSHFP', '1 1 123456789abcdef67890123456789abcdef67890'),
  set(at('broken'), 'A', 'not an address'),
  set(at('half'), 'A', 'not an address', '192.0.2.9'),
  set(at('many'), 'A', ...Array.from({ length: 200 }, (_, index) => `198.51.100.${index}`)),
  set(
    at('huge'),
    'TXT',
    ...Array.from({ length: 400 }, (_, index) => `"${String(index).padStart(250, 'x')}"`),
  ),
  set(at('*.wild'), 'A', '192.0.2.4'),
  alias(at('dangling'), 'A', at('gone')),
]);

type Decoded = DecodedPacket & { readonly rcode: string };

function query(name: string, type: string, more: Partial<Packet> = {}): Buffer {
  return encode({ type: 'query', id: 4711, questions: [{ name, type: type as 'A' }], ...more });
}

function opt(udpPayloadSize: number, { ednsVersion = 0, flags = 0 } = {}): Answer[] {
  const fixed = { type: 'OPT', name: '.', extendedRcode: 0, flag_do: false } as const;
  return [{ ...fixed, udpPayloadSize, ednsVersion, flags, options: [] }];
}

function reply(packet: Uint8Array, transport: 'udp' | 'tcp' = 'udp'): Decoded {
  const bytes = respond(SOURCE, packet, transport, 0.5);
  if (bytes === undefined) throw new Error('There was no reply.');
  return decode(bytes) as Decoded;
}

function values(name: string, type: string): readonly unknown[] {
  return (reply(query(at(name), type), 'tcp').answers ?? []).map((answer) =>
    'data' in answer ? answer.data : '',
  );
}

describe('the header and the question', () => {
  test('echo the id, the recursion flag and the question letter for letter; the answer is authoritative', () => {
    const packet = reply(query('aPi.ExAmple.TEST', 'A', { flags: 0x0100 }));
    expect(packet).toMatchObject({ id: 4711, type: 'response', rcode: 'NOERROR' });
    expect(packet).toMatchObject({ flag_aa: true, flag_rd: true, flag_ra: false, flag_tc: false });
    expect(packet.questions).toMatchObject([{ name: 'aPi.ExAmple.TEST', type: 'A', class: 'IN' }]);
    expect(packet.answers).toMatchObject([
      { name: 'aPi.ExAmple.TEST', type: 'A', class: 'IN', ttl: 60, data: '192.0.2.1' },
      { name: 'aPi.ExAmple.TEST', data: '192.0.2.2' },
    ]);
    expect(reply(query(at('api'), 'A'))).toMatchObject({ flag_rd: false });
  });

  test('a question with unusual octets is answered under exactly these', () => {
    const odd = Buffer.from([0xff, 0x2e, 0x41]);
    const plain = query(`xyz.wild.${ZONE}`, 'A');
    const place = plain.indexOf('xyz');
    odd.copy(plain, place);
    const bytes = respond(SOURCE, plain, 'udp', 0.5);
    expect(bytes?.subarray(12, plain.length).equals(plain.subarray(12))).toBe(true);
    expect(reply(plain).answers).toMatchObject([{ data: '192.0.2.4' }]);
  });

  test('NXDOMAIN and NODATA carry the SOA', () => {
    const soa = [{ name: ZONE, type: 'SOA', ttl: 300, data: { mname: 'ns1.example.test', minimum: 300 } }];
    expect(reply(query(at('nobody'), 'A'))).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: [],
      authorities: soa,
    });
    expect(reply(query(at('dangling'), 'A'))).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authorities: soa,
    });
  });

  test('other zones, the root, other classes are refused', () => {
    for (const packet of [
      query('example.net', 'A'),
      query('.', 'NS'),
      query(at('api'), 'A', { questions: [{ name: at('api'), type: 'A', class: 'CH' }] }),
    ]) {
      expect(reply(packet)).toMatchObject({ rcode: 'REFUSED', flag_aa: false, answers: [], authorities: [] });
    }
  });

  test('class ANY is answered like IN', () => {
    const packet = query(at('api'), 'A', { questions: [{ name: at('api'), type: 'A', class: 'ANY' }] });
    expect(reply(packet).answers).toHaveLength(2);
  });

  test('a type that nobody knows is NODATA', () => {
    expect(reply(query(at('api'), 'UNKNOWN_4242'))).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });
});

describe('values on the wire', () => {
  test.each([
    ['api', 'A', ['192.0.2.1', '192.0.2.2']],
    ['api', 'AAAA', ['2001:db8::1', '::ffff:c000:203']],
    ['ptr', 'PTR', ['api.example.test']],
    ['www', 'CNAME', ['Api.example.test']],
    ['srv', 'SRV', [{ priority: 1, weight: 2, port: 443, target: 'api.example.test' }]],
    ['caa', 'CAA', [{ flags: 0, tag: 'issue', value: 'ca.example.net', issuerCritical: false }]],
    [
      'mail',
      'MX',
      [
        { preference: 10, exchange: 'mx1.example.test' },
        { preference: 20, exchange: 'mx2.example.net' },
      ],
    ],
    [
      'naptr',
      'NAPTR',
      [
        {
          order: 10,
          preference: 100,
          flags: 'S',
          services: 'SIP+D2U',
          regexp: '',
          replacement: '_sip._udp.example.test',
        },
      ],
    ],
    ['ds', 'DS', [{ keyTag: 12345, algorithm: 13, digestType: 2, digest: Buffer.from('abcdef01', 'hex') }]],
    [
      'tlsa',
      'TLSA',
      [{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('abcdef01', 'hex') }],
    ],
    ['sshfp', 'SSHFP', [{ algorithm: 1, hash: 1, fingerprint: '123456789ABCDEF67890123456789ABCDEF67890' }]],
  ])('%s %s', (name, type, expected) => {
    expect(values(name, type)).toEqual(expected);
  });

  test('texts keep their parts, and escapes become octets', () => {
    const [first, second] = values('txt', 'TXT');
    expect(first).toEqual([Buffer.from('v1 gen=145'), Buffer.from('and "more" é')]);
    expect(second).toEqual([Buffer.from('café')]);
  });

  test('ANY is one HINFO', () => {
    expect(values('api', 'ANY')).toEqual([{ cpu: 'RFC8482', os: '' }]);
  });

  test('values that do not parse are left out; a record set of nothing else is a failure, not emptiness', () => {
    expect(values('half', 'A')).toEqual(['192.0.2.9']);
    expect(reply(query(at('broken'), 'A'))).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });
});

describe('EDNS and truncation', () => {
  const many = (additionals: Answer[]) => query(at('many'), 'A', { additionals });

  test('an OPT record is answered with one, none with none', () => {
    expect(reply(query(at('api'), 'A')).additionals).toEqual([]);
    expect(
      reply(query(at('api'), 'A', { additionals: opt(1232, { flags: 0x8000 }) })).additionals,
    ).toMatchObject([
      { type: 'OPT', name: '.', udpPayloadSize: 4096, ednsVersion: 0, extendedRcode: 0, flag_do: true },
    ]);
  });

  test('another version of EDNS is BADVERS', () => {
    const packet = reply(query(at('api'), 'A', { additionals: opt(1232, { ednsVersion: 1 }) }));
    expect(packet.answers).toEqual([]);
    expect(packet.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1, ednsVersion: 0 }]);
  });

  test.each([
    ['no EDNS', [], true],
    ['a size below 512, which counts as 512', opt(100), true],
    ['1232', opt(1232), true],
    ['4096', opt(4096), false],
  ])('200 addresses by UDP, the client taking %s', (_, additionals, truncated) => {
    const packet = reply(many(additionals));
    expect(packet).toMatchObject({ rcode: 'NOERROR', flag_tc: truncated, flag_aa: true });
    expect(packet.answers).toHaveLength(truncated ? 0 : 200);
    expect(packet.questions).toHaveLength(1);
    expect(packet.additionals).toHaveLength(additionals.length);
  });

  test('a reply of exactly 512 octets is whole, one of 513 is not', () => {
    const sized = (octets: number) => {
      // Header 12, question 18 + 4, record 2 + 10, and a length octet for each of the strings.
      const rest = octets - 12 - 22 - 12 - 2 - 255;
      const text = `"${'a'.repeat(255)}" "${'b'.repeat(rest)}"`;
      return sourceOf([set(at('txt'), 'TXT', text)]);
    };
    const asked = query(at('txt'), 'TXT');
    expect(respond(sized(512), asked, 'udp', 0)).toHaveLength(512);
    expect(respond(sized(513), asked, 'udp', 0)).toHaveLength(12 + 22);
  });

  test('by TCP it is whole, and what TCP cannot carry is a failure', () => {
    expect(reply(many([]), 'tcp')).toMatchObject({ flag_tc: false, answers: { length: 200 } });
    expect(reply(query(at('huge'), 'TXT'), 'tcp')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
    expect(reply(query(at('huge'), 'TXT'), 'udp')).toMatchObject({ flag_tc: true, answers: [] });
  });
});

describe('what is not a query', () => {
  test('is dropped without a header, or when it is a response', () => {
    expect(respond(SOURCE, Buffer.alloc(0), 'udp', 0)).toBeUndefined();
    expect(respond(SOURCE, Buffer.alloc(11), 'udp', 0)).toBeUndefined();
    expect(respond(SOURCE, encode({ type: 'response', id: 1 }), 'udp', 0)).toBeUndefined();
    expect(servfail(Buffer.alloc(11))).toBeUndefined();
  });

  test.each([1, 2, 4, 5, 6])('of opcode %i is answered NOTIMP', (opcode) => {
    expect(reply(query(at('api'), 'A', { flags: opcode << 11 }))).toMatchObject({
      id: 4711,
      rcode: 'NOTIMP',
      questions: [],
    });
  });

  const good = query(at('api'), 'A');
  const withCounts = (offset: number, count: number) => {
    const bytes = Buffer.from(good);
    bytes.writeUInt16BE(count, offset);
    return bytes;
  };
  const twoOpts = query(at('api'), 'A', { additionals: [...opt(512), ...opt(512)] });
  const pointer = Buffer.concat([good.subarray(0, 12), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]);
  const longLabel = Buffer.concat([good.subarray(0, 12), Buffer.from([0x40]), Buffer.alloc(80, 0x61)]);
  const longName = query(`${'a.'.repeat(127)}example.test`, 'A');

  test.each([
    ['no question', withCounts(4, 0)],
    ['two questions', withCounts(4, 2)],
    ['a record that is not there', withCounts(10, 1)],
    ['65,535 records that are not there', withCounts(6, 0xffff)],
    ['nothing after the header', good.subarray(0, 12)],
    ['a question cut off', good.subarray(0, good.length - 1)],
    ['a name cut off', good.subarray(0, 16)],
    ['two OPT records', twoOpts],
    ['an OPT record cut off', query(at('api'), 'A', { additionals: opt(512) }).subarray(0, -3)],
    ['a pointer for a name', pointer],
    ['a label over 63 octets', longLabel],
    ['a name over 255 octets', longName],
  ])('%s: FORMERR, with the id', (_, bytes) => {
    expect(reply(bytes)).toMatchObject({ id: 4711, rcode: 'FORMERR', questions: [], answers: [] });
  });
});

describe('any octets at all', () => {
  const wellFormed = (bytes: Uint8Array, transport: 'udp' | 'tcp') => {
    const bound = respond(SOURCE, bytes, transport, 0.5);
    if (bound === undefined) return bytes.length < 12 || ((bytes[2] ?? 0) & 0x80) !== 0;
    const packet = decode(bound);
    return packet.flag_qr && packet.id === Buffer.from(bytes).readUInt16BE(0) && bound.length <= 0xffff;
  };
  const transports = fc.constantFrom('udp' as const, 'tcp' as const);

  test('random packets are dropped or answered with something that parses', () => {
    const packets = fc.uint8Array({ maxLength: 600 });
    fc.assert(
      fc.property(packets, transports, (bytes, transport) => wellFormed(bytes, transport)),
      { numRuns: 3000 },
    );
  });

  test('and so are good queries with some octets changed, cut or grown', () => {
    const names = fc.constantFrom('api', 'many', 'huge', 'www', 'x.wild', 'nobody', '*.wild');
    const types = fc.constantFrom('A', 'AAAA', 'TXT', 'ANY', 'CNAME', 'SOA', 'NS', 'AXFR');
    const edits = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 });
    const tail = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(
        names,
        types,
        edits,
        fc.nat(120),
        tail,
        transports,
        (name, type, changes, cut, grown, transport) => {
          const start = query(at(name), type, { additionals: opt(1232) });
          const bytes = Buffer.concat([start.subarray(0, Math.max(cut, 2)), grown]);
          for (const [place, octet] of changes) bytes[place % bytes.length] = octet;
          return wellFormed(bytes, transport);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('a source that throws is for the caller, who has SERVFAIL at hand', () => {
    const throwing = {
      ...SOURCE,
      zoneFor: () => {
        throw new Error('broken');
      },
    };
    const packet = query(at('api'), 'A');
    expect(() => respond(throwing, packet, 'udp', 0)).toThrow('broken');
    expect(decode(servfail(packet) ?? Buffer.alloc(0))).toMatchObject({ id: 4711, rcode: 'SERVFAIL' });
  });
});
