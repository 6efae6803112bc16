import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { decode, encode, streamEncode } from 'dns-packet';
import { afterEach, expect, test } from 'vitest';
import type { AnswerSource } from '../../../lib/emulator/dns/answer-source.ts';
import type { DnsServer, ServeDnsOptions } from '../../../lib/emulator/dns/serve-dns.ts';
import { DnsPortInUse, serveDns } from '../../../lib/emulator/dns/serve-dns.ts';
import { alias, at, set, sourceOf, weighted, ZONE } from './zones.ts';

const TREE = at('g000145.api.use1-a._pawl');
const MANY = Array.from({ length: 200 }, (_, index) => `198.51.100.${index}`);
const SOURCE = sourceOf([
  alias(at('api'), 'A', TREE),
  weighted(TREE, 1, '192.0.2.1'),
  weighted(TREE, 3, '192.0.2.2'),
  set(at('six'), 'AAAA', '2001:db8::6'),
  set(at('host'), 'CNAME', 'cdn.example.net.'),
  set(at('txt'), 'TXT', '"v1 gen=145 seq=312"'),
  set(at('mail'), 'MX', '10 mx.example.test.'),
  set(at('many'), 'A', ...MANY),
]);
const HOST = '127.0.0.1';
const toEnd: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

async function served(
  options: Partial<ServeDnsOptions> = {},
  source: AnswerSource = SOURCE,
): Promise<DnsServer> {
  const server = await serveDns(source, { host: HOST, port: 0, random: () => 0.5, ...options });
  toEnd.push(() => server.close());
  return server;
}

function resolverFor({ port }: DnsServer): Resolver {
  const resolver = new Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([`${HOST}:${port}`]);
  return resolver;
}

function query(name: string, id = 7): Buffer {
  return encode({ type: 'query', id, questions: [{ name, type: 'A' }] });
}

async function byUdp(server: DnsServer, ...packets: readonly Buffer[]): Promise<Buffer> {
  const socket = createSocket('udp4');
  try {
    const answered = once(socket, 'message');
    for (const packet of packets) socket.send(packet, server.port, HOST);
    const [message] = (await answered) as [Buffer];
    return message;
  } finally {
    socket.close();
  }
}

async function tcpTo(server: DnsServer): Promise<Socket> {
  const socket = connect({ host: HOST, port: server.port });
  toEnd.push(async () => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** The next `count` messages of a connection, in order. */
async function messages(socket: Socket, count: number): Promise<readonly Buffer[]> {
  let received: Buffer = Buffer.alloc(0);
  const found: Buffer[] = [];
  while (found.length < count) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      found.push(received.subarray(2, end));
      received = received.subarray(end);
    }
  }
  return found;
}

async function decoded(socket: Socket, count: number) {
  return (await messages(socket, count)).map((message) => decode(message));
}

test('a real resolver gets what the zone holds', async () => {
  const resolver = resolverFor(await served());
  expect(await resolver.resolve4(at('api'))).toEqual(['192.0.2.2']);
  expect(await resolver.resolve4('API.Example.TEST', { ttl: true })).toEqual([
    { address: '192.0.2.2', ttl: 60 },
  ]);
  expect(await resolver.resolve6(at('six'))).toEqual(['2001:db8::6']);
  expect(await resolver.resolveCname(at('host'))).toEqual(['cdn.example.net']);
  expect(await resolver.resolveTxt(at('txt'))).toEqual([['v1 gen=145 seq=312']]);
  expect(await resolver.resolveMx(at('mail'))).toMatchObject([{ priority: 10, exchange: 'mx.example.test' }]);
  expect(await resolver.resolveNs(ZONE)).toEqual(['ns1.example.test', 'ns2.example.net']);
  expect(await resolver.resolveSoa(ZONE)).toMatchObject({ nsname: 'ns1.example.test', minttl: 300 });
});

test('a real resolver learns which names do not exist and which zones are not served', async () => {
  const resolver = resolverFor(await served());
  await expect(resolver.resolve4(at('nobody'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolver.resolve6(at('api'))).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolver.resolve4('elsewhere.net')).rejects.toMatchObject({ code: 'EREFUSED' });
});

test('a truncated answer is fetched whole over TCP by a real resolver', async () => {
  const server = await served();
  expect(decode(await byUdp(server, query(at('many'))))).toMatchObject({ flag_tc: true, answers: [] });
  const addresses = await resolverFor(server).resolve4(at('many'));
  expect(addresses.sort()).toEqual([...MANY].sort());
});

test('each query draws once, so answers spread as the draws do', async () => {
  const draws = [0.1, 0.3, 0.6, 0.9];
  let next = 0;
  const resolver = resolverFor(await served({ random: () => draws[next++ % draws.length] ?? 0 }));
  const seen: string[] = [];
  for (let index = 0; index < 8; index += 1) seen.push(...(await resolver.resolve4(at('api'))));
  const [one, two] = ['192.0.2.1', '192.0.2.2'];
  expect(seen).toEqual([one, two, two, two, one, two, two, two]);
});

test('several queries on one TCP connection are answered in order, however they are cut', async () => {
  const socket = await tcpTo(await served());
  const ids = Array.from({ length: 50 }, (_, index) => index + 1);
  const stream = Buffer.concat(ids.map((id) => streamEncode(decode(query(at('many'), id)))));
  const answered = messages(socket, ids.length);
  for (let from = 0; from < stream.length; from += 13) socket.write(stream.subarray(from, from + 13));
  expect((await answered).map((message) => message.readUInt16BE(0))).toEqual(ids);
});

test('a client that sends thousands of queries before it reads gets every answer', async () => {
  const socket = await tcpTo(await served());
  const ids = Array.from({ length: 3000 }, (_, index) => index);
  socket.pause();
  socket.write(Buffer.concat(ids.map((id) => streamEncode(decode(query(at('many'), id))))));
  const answered = messages(socket, ids.length);
  socket.resume();
  expect((await answered).map((message) => message.readUInt16BE(0))).toEqual(ids);
});

test('a TCP message without a header ends its connection and no other', async () => {
  const server = await served();
  const other = await tcpTo(server);
  const socket = await tcpTo(server);
  const closed = once(socket, 'close');
  socket.write(Buffer.from([0, 3, 1, 2, 3]));
  await closed;
  other.write(streamEncode(decode(query(at('api')))));
  expect(await decoded(other, 1)).toMatchObject([{ id: 7 }]);
});

test('a silent connection is closed', async () => {
  const socket = await tcpTo(await served({ idleTimeoutMs: 20 }));
  socket.write(Buffer.from([0]));
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(0);
});

test('more connections than are allowed are closed, the first ones answered', async () => {
  const server = await served({ connectionsMax: 2 });
  const [first, second] = [await tcpTo(server), await tcpTo(server)];
  for (const socket of [first, second]) {
    socket.write(streamEncode(decode(query(at('api')))));
    expect(await messages(socket, 1)).toHaveLength(1);
  }
  const third = connect({ host: HOST, port: server.port });
  third.on('error', () => third.destroy());
  await once(third, 'close');
  first.write(streamEncode(decode(query(at('api'), 8))));
  expect(await decoded(first, 1)).toMatchObject([{ id: 8 }]);
});

test('garbage by UDP is survived', async () => {
  const server = await served();
  const garbage = Array.from({ length: 200 }, (_, index) =>
    Buffer.from(Array.from({ length: index % 11 }, (__, place) => (index * 31 + place * 17) % 256)),
  );
  expect(decode(await byUdp(server, ...garbage, query(at('api'))))).toMatchObject({
    id: 7,
    type: 'response',
  });
  const malformed = query(at('api'), 9);
  malformed.writeUInt16BE(9, 4);
  expect(decode(await byUdp(server, malformed))).toMatchObject({ id: 9, rcode: 'FORMERR' });
});

test('a source that throws is reported and answered with SERVFAIL; the server goes on', async () => {
  const reported: unknown[] = [];
  let broken = true;
  const source: AnswerSource = {
    ...SOURCE,
    zoneFor: (name) => {
      if (broken) throw new Error('broken');
      return SOURCE.zoneFor(name);
    },
  };
  const server = await served({ report: (error) => reported.push(error) }, source);
  expect(decode(await byUdp(server, query(at('api'))))).toMatchObject({ rcode: 'SERVFAIL' });
  const socket = await tcpTo(server);
  socket.write(streamEncode(decode(query(at('api')))));
  expect(await decoded(socket, 1)).toMatchObject([{ rcode: 'SERVFAIL' }]);
  expect(reported).toEqual([new Error('broken'), new Error('broken')]);
  broken = false;
  expect(decode(await byUdp(server, query(at('api'))))).toMatchObject({ rcode: 'NOERROR' });
});

test('a port in use, for TCP or for UDP, is an error of its own, and nothing stays open', async () => {
  const first = await served();
  const again = serveDns(SOURCE, { host: HOST, port: first.port, random: () => 0 });
  await expect(again).rejects.toMatchObject({ name: 'DnsPortInUse', host: HOST, port: first.port });
  await expect(again).rejects.toThrow(/^The port \d+ on 127\.0\.0\.1 is in use/);

  const udp = createSocket('udp4');
  udp.bind({ address: HOST, port: 0 });
  await once(udp, 'listening');
  const { port } = udp.address();
  await expect(serveDns(SOURCE, { host: HOST, port, random: () => 0 })).rejects.toBeInstanceOf(DnsPortInUse);
  udp.close();
  await once(udp, 'close');
  const server = await serveDns(SOURCE, { host: HOST, port, random: () => 0 });
  expect(server.port).toBe(port);
  await server.close();
});

test('closing ends connections, frees the port for both, and may be done twice', async () => {
  const server = await served();
  const socket = await tcpTo(server);
  const closed = once(socket, 'close');
  await Promise.all([server.close(), server.close()]);
  await closed;
  const tcp = createServer().listen({ host: HOST, port: server.port });
  await once(tcp, 'listening');
  tcp.close();
  const udp = createSocket('udp4').bind({ address: HOST, port: server.port });
  await once(udp, 'listening');
  udp.close();
});

test('a host must be an address, a port a port', async () => {
  await expect(serveDns(SOURCE, { host: 'localhost', port: 0, random: () => 0 })).rejects.toThrow(RangeError);
  await expect(serveDns(SOURCE, { host: HOST, port: 65_536, random: () => 0 })).rejects.toThrow(RangeError);
});
