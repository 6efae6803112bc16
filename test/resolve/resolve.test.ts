import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Answer } from 'dns-packet';
import { decode, encode, TRUNCATED_RESPONSE } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import type { DnsTransport } from '../../lib/resolve/dns-transport.ts';
import { ServerUnreachable } from '../../lib/resolve/dns-transport.ts';
import type { ResolveDeps, ResolveRequest } from '../../lib/resolve/resolve.ts';
import { resolveMany } from '../../lib/resolve/resolve.ts';
import { socketTransport } from '../../lib/resolve/socket-transport.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { alias, at, set, sourceOf, weighted } from '../emulator/dns/zones.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';

const HOST = '127.0.0.1';
const TREE = at('g000145.api.use1-a._pawl');
const SOURCE = sourceOf([
  alias(at('api'), 'A', TREE),
  weighted(TREE, 1, '192.0.2.1'),
  weighted(TREE, 3, '192.0.2.2'),
  set(at('api'), 'AAAA', '2001:db8::1'),
  set(at('host'), 'CNAME', 'cdn.example.net.'),
  set(at('www'), 'CNAME', 'api.example.test.'),
  set(at('many'), 'A', ...Array.from({ length: 200 }, (_, index) => `198.51.100.${index}`)),
  alias(at('dangling'), 'A', at('gone')),
  set(at('all'), 'TXT', '"v1 gen=145" "x"'),
  set(at('all'), 'MX', '10 mx.example.test.'),
  set(at('all'), 'SRV', '1 2 443 api.example.test.'),
  set(at('all'), 'CAA', '0 issue "ca.example.net"'),
  set(at('sub'), 'NS', 'ns.example.net.'),
  set(at('ptr'), 'PTR', 'api.example.test.'),
]);
const toEnd: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

const realDeps: ResolveDeps = {
  clock: systemClock,
  randomness: seededRandomness(),
  connect: socketTransport,
};

/** A server that draws 0, 1/40, 2/40, … in turn: counts are exact. */
async function servedAt(): Promise<{ host: string; port: number }> {
  let draws = 0;
  const random = () => (draws++ % 40) / 40;
  const server = await serveDns(SOURCE, { host: HOST, port: 0, random });
  toEnd.push(() => server.close());
  return { host: HOST, port: server.port };
}

describe('against a real server', () => {
  test('counts how answers spread over the values', async () => {
    const server = await servedAt();
    const counts = await resolveMany(realDeps, {
      server,
      name: at('api'),
      types: ['A'],
      count: 1000,
      timeoutMs: 15_000,
    });
    expect(counts).toEqual({
      answers: new Map([
        ['192.0.2.1', 250],
        ['192.0.2.2', 750],
      ]),
      rcodes: new Map([['NOERROR', 1000]]),
      errors: new Map(),
      empty: 0,
      asked: 1000,
    });
  });

  test('asks every type so often, and counts a CNAME in the zone by what it leads to', async () => {
    const server = await servedAt();
    const counts = await resolveMany(realDeps, { server, name: at('www'), types: ['A', 'AAAA'], count: 40 });
    expect(counts.answers.get('2001:db8::1')).toBe(40);
    expect((counts.answers.get('192.0.2.1') ?? 0) + (counts.answers.get('192.0.2.2') ?? 0)).toBe(40);
    expect(counts.asked).toBe(80);
  });

  test('a CNAME that leaves the zone is the value', async () => {
    const counts = await resolveMany(realDeps, {
      server: await servedAt(),
      name: `${at('host')}.`,
      types: ['A'],
      count: 3,
    });
    expect(counts.answers).toEqual(new Map([['cdn.example.net.', 3]]));
  });

  test('a truncated reply is asked for again by TCP', async () => {
    const counts = await resolveMany(realDeps, {
      server: await servedAt(),
      name: at('many'),
      types: ['A'],
      count: 5,
    });
    expect(counts.answers.size).toBe(200);
    expect(counts.answers.get('198.51.100.7')).toBe(5);
    expect(counts.rcodes).toEqual(new Map([['NOERROR', 5]]));
  });

  test('emptiness and refusals are told apart', async () => {
    const server = await servedAt();
    const ask = (name: string) => resolveMany(realDeps, { server, name, types: ['A'], count: 2 });
    expect(await ask(at('dangling'))).toMatchObject({
      rcodes: new Map([['NOERROR', 2]]),
      empty: 2,
      answers: new Map(),
    });
    expect(await ask(at('nobody'))).toMatchObject({ rcodes: new Map([['NXDOMAIN', 2]]), empty: 0 });
    expect(await ask('example.net')).toMatchObject({ rcodes: new Map([['REFUSED', 2]]), empty: 0 });
  });

  test.each([
    ['TXT', 'all', '"v1 gen=145" "x"'],
    ['MX', 'all', '10 mx.example.test.'],
    ['SRV', 'all', '1 2 443 api.example.test.'],
    ['CAA', 'all', '0 issue "ca.example.net"'],
    ['PTR', 'ptr', 'api.example.test.'],
    ['CNAME', 'www', 'api.example.test.'],
    ['HINFO', 'nobody', undefined],
  ] as const)('a %s value is shown in presentation form', async (type, name, shown) => {
    const counts = await resolveMany(realDeps, {
      server: await servedAt(),
      name: at(name),
      types: [type],
      count: 1,
    });
    expect([...counts.answers.keys()][0]).toBe(shown);
  });

  test('nothing listening there is unreachable, soon', async () => {
    const socket = createSocket('udp4');
    socket.bind({ address: HOST, port: 0 });
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    const request = { server: { host: HOST, port }, name: at('api'), types: ['A'] as const, count: 1000 };
    const counts = await resolveMany(realDeps, { ...request, concurrency: 1 });
    expect(counts).toMatchObject({ errors: new Map([['unreachable', 8]]), asked: 8, answers: new Map() });
  });

  test('a server that truncates but does not listen on TCP is unreachable', async () => {
    const socket = createSocket('udp4');
    socket.on('message', (packet, sender) => {
      const { id = 0, questions = [] } = decode(packet);
      socket.send(
        encode({ type: 'response', id, questions, flags: TRUNCATED_RESPONSE }),
        sender.port,
        sender.address,
      );
    });
    socket.bind({ address: HOST, port: 0 });
    await once(socket, 'listening');
    toEnd.push(async () => {
      socket.close();
    });
    const server = { host: HOST, port: socket.address().port };
    const counts = await resolveMany(realDeps, { server, name: at('api'), types: ['A'], count: 1 });
    expect(counts.errors).toEqual(new Map([['unreachable', 1]]));
    const tcp = createServer((connection) => connection.end()).listen(server);
    await once(tcp, 'listening');
    toEnd.push(async () => {
      tcp.close();
    });
    const again = await resolveMany(realDeps, { server, name: at('api'), types: ['A'], count: 1 });
    expect(again.errors).toEqual(new Map([['unreachable', 1]]));
  });

  test('a server must be given by its address', async () => {
    const server = { host: 'localhost', port: 53 };
    await expect(resolveMany(realDeps, { server, name: at('api'), types: ['A'], count: 1 })).rejects.toThrow(
      RangeError,
    );
  });
});

describe('with a transport that misbehaves', () => {
  const request: ResolveRequest = {
    server: { host: HOST, port: 53 },
    name: at('api'),
    types: ['A'],
    count: 20,
    concurrency: 4,
    timeoutMs: 500,
  };
  type AskUdp = DnsTransport['askUdp'];

  function scripted(askUdp: AskUdp, askTcp: AskUdp = askUdp) {
    const state = { closed: 0, underWay: 0, most: 0 };
    const clock = virtualClock();
    const counted: AskUdp = async (query, signal) => {
      state.underWay += 1;
      state.most = Math.max(state.most, state.underWay);
      try {
        return await askUdp(query, signal);
      } finally {
        state.underWay -= 1;
      }
    };
    const close = async () => {
      state.closed += 1;
    };
    const deps: ResolveDeps = {
      clock,
      randomness: seededRandomness(),
      connect: async () => ({ askUdp: counted, askTcp, close }),
    };
    return { deps, state, clock };
  }

  const never: AskUdp = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const reply = (query: Uint8Array, answers: readonly Answer[] = [], flags = 0): Buffer => {
    const { id = 0, questions = [] } = decode(Buffer.from(query));
    return encode({ type: 'response', id, questions, answers: [...answers], flags });
  };
  const good: AskUdp = async (query) =>
    reply(query, [{ type: 'A', name: at('api'), ttl: 1, data: '192.0.2.1' }]);

  test('a query without an answer is sent twice, then counted; a server that is silent is left alone', async () => {
    const { deps, state, clock } = scripted(never);
    const counts = await resolveMany(deps, request);
    expect(counts.errors.get('timeout')).toBe(counts.asked);
    expect(counts.asked).toBeLessThan(request.count);
    expect(clock.sleeps).toEqual(Array.from({ length: counts.asked * 2 }, () => 500));
    expect(state).toEqual({ closed: 1, underWay: 0, most: 4 });
  });

  test('one lost datagram costs no answer', async () => {
    let sent = 0;
    const { deps } = scripted((query, signal) => {
      sent += 1;
      return sent === 3 ? never(query, signal) : good(query, signal);
    });
    const counts = await resolveMany(deps, request);
    expect(counts).toMatchObject({ answers: new Map([['192.0.2.1', 20]]), errors: new Map(), asked: 20 });
    expect(sent).toBe(21);
  });

  test('failures among answers do not end it', async () => {
    let sent = 0;
    const { deps } = scripted(async (query, signal) => {
      sent += 1;
      if (sent % 2 === 0) throw new ServerUnreachable('no way');
      return good(query, signal);
    });
    expect(await resolveMany(deps, { ...request, concurrency: 1, count: 100 })).toMatchObject({
      errors: new Map([['unreachable', 50]]),
      rcodes: new Map([['NOERROR', 50]]),
      asked: 100,
    });
  });

  test.each<[string, AskUdp]>([
    ['garbage', async () => Buffer.from('not a message')],
    ['nothing', async () => Buffer.alloc(0)],
    ['the query itself', async (query) => Buffer.from(query)],
    [
      'an answer to another query',
      async (query) => {
        const other = Buffer.from(reply(query));
        other.writeUInt16BE((other.readUInt16BE(0) + 1) % 0x10000, 0);
        return other;
      },
    ],
  ])('%s is malformed', async (_, askUdp) => {
    const counts = await resolveMany(scripted(askUdp).deps, { ...request, count: 3 });
    expect(counts).toMatchObject({ errors: new Map([['malformed', 3]]), rcodes: new Map(), asked: 3 });
  });

  test('a mistake in the transport is not counted away, and the transport is closed', async () => {
    const { deps, state } = scripted(() => Promise.reject(new TypeError('a bug')));
    await expect(resolveMany(deps, request)).rejects.toThrow('a bug');
    expect(state.closed).toBe(1);
  });

  test('queries under way at once have different ids', async () => {
    const ids = new Set<number>();
    let collisions = 0;
    const { deps, state } = scripted(async (query, signal) => {
      const id = Buffer.from(query).readUInt16BE(0);
      if (ids.has(id)) collisions += 1;
      ids.add(id);
      await new Promise(setImmediate);
      ids.delete(id);
      return good(query, signal);
    });
    const counts = await resolveMany(deps, { ...request, count: 2000, concurrency: 256 });
    expect([counts.asked, collisions, state.most]).toEqual([2000, 0, 256]);
  });

  test.each<[string, Partial<ResolveRequest>]>([
    ['no count', { count: 0 }],
    ['a count over a million', { count: 1_000_001 }],
    ['half a query', { count: 0.5 }],
    ['no concurrency', { concurrency: 0 }],
    ['too much concurrency', { concurrency: 257 }],
    ['no types', { types: [] }],
    ['no name', { name: '' }],
    ['an empty label', { name: 'a..b' }],
    ['a label over 63 octets', { name: `${'a'.repeat(64)}.test` }],
    ['a name over 254 characters', { name: 'a.'.repeat(128) }],
    ['an octet that cannot be sent as it is', { name: 'caf\u00e9.test' }],
  ])('%s is refused before anything is sent', async (_, wrong) => {
    const { deps, state } = scripted(good);
    await expect(resolveMany(deps, { ...request, ...wrong })).rejects.toThrow(RangeError);
    expect(state).toEqual({ closed: 0, underWay: 0, most: 0 });
  });
});
