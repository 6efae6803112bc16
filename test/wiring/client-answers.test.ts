import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { DecodedPacket } from 'dns-packet';
import { decode, encode } from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { DnsServerAddress } from '../../lib/resolve/dns-transport.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import type { NameServerLookup } from '../../lib/wiring/client-answers.ts';
import { clientAnswers, nameServersOf } from '../../lib/wiring/client-answers.ts';
import { numberedIds } from '../support/numbered-ids.ts';

const API = dnsName('api.example.test');
const HOST = '127.0.0.1';
const world = { clock: systemClock, randomness: systemRandomness };
const own = { answers: async () => 'unreachable' as const };

/** A name server whose `api.example.test` answers clients in Germany alone. */
async function german(): Promise<DnsServerAddress> {
  const core = createRoute53(PROMPT_ROUTE53, { now: () => systemClock.now(), id: numberedIds() });
  const { zone } = core.createHostedZone({ name: dnsName('example.test'), callerReference: 'test' });
  const routing = { GeoLocation: { CountryCode: 'DE' } };
  const record = { name: API, type: 'A', ttl: 60, values: ['192.0.2.1'], setIdentifier: 'de', routing };
  core.changeResourceRecordSets(zone.id, { changes: [{ action: 'CREATE', record }] });
  const server = await serveDns(route53AnswerSource(core), { host: HOST, port: 0, random: () => 0 });
  onTestFinished(() => server.close());
  return { host: HOST, port: server.port };
}

/** A name server that answers nothing to everything, and keeps what it was asked. */
async function listening(asked: DecodedPacket[]): Promise<DnsServerAddress> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const query = decode(message);
    asked.push(query);
    const { id, questions, additionals } = query;
    socket.send(encode({ type: 'response', id, questions, additionals }), port, address);
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { host: HOST, port: socket.address().port };
}

/** A port at which nothing listens. */
async function nobody(): Promise<DnsServerAddress> {
  const socket = createSocket('udp4').bind(0, HOST);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return { host: HOST, port };
}

test('a question for a client goes to a name server of the zone, and for whoever asks to the resolver', async () => {
  const server = await german();
  let looked = 0;
  const { answers } = clientAnswers(world, { answers: async () => 'answer' }, async () => {
    looked += 1;
    return [server];
  });
  expect(await answers(API, 'A')).toBe('answer');
  expect(looked).toBe(0);
  expect(await answers(API, 'A', '198.51.100.1')).toBe('answer');
  expect(await answers(API, 'A', '203.0.113.1')).toBe('empty');
  expect(looked).toBe(1);
});

test('it names the client by EDNS client subnet, and asks for no recursion', async () => {
  const asked: DecodedPacket[] = [];
  const server = await listening(asked);
  const { answers } = clientAnswers(world, own, async () => [server]);
  expect(await answers(API, 'A', '198.51.100.1')).toBe('empty');
  expect(asked).toMatchObject([
    {
      flag_rd: false,
      additionals: [
        { type: 'OPT', options: [{ code: 8, family: 1, sourcePrefixLength: 32, ip: '198.51.100.1' }] },
      ],
    },
  ]);
});

test('where a name server does not answer the next one is asked, and where none does nothing is known', async () => {
  const silent = await nobody();
  const server = await german();
  const { answers } = clientAnswers(world, own, async () => [silent, server]);
  expect(await answers(API, 'A', '198.51.100.1')).toBe('answer');
  expect(await clientAnswers(world, own, async () => [silent]).answers(API, 'A', '::1')).toBe('unreachable');
  expect(await clientAnswers(world, own, async () => []).answers(API, 'A', '::1')).toBe('unreachable');
});

test('the name servers of a zone are those that a resolver finds', async () => {
  const addresses: Readonly<Record<string, readonly string[]>> = {
    'ns-1.example.net': ['192.0.2.53', '192.0.2.54'],
    'ns-3.example.net': ['192.0.2.55'],
  };
  const resolver = (names: readonly string[]): NameServerLookup => ({
    resolveNs: async () => {
      if (names.length === 0) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      return [...names];
    },
    resolve4: async (name: string) => {
      const found = addresses[name];
      if (found === undefined) throw Object.assign(new Error('no'), { code: 'ENODATA' });
      return [...found];
    },
  });
  const zone = dnsName('example.test');
  const names = ['ns-1.example.net', 'ns-2.example.net', 'ns-3.example.net'];
  expect(await nameServersOf(resolver(names), zone)).toEqual([
    { host: '192.0.2.53', port: 53 },
    { host: '192.0.2.55', port: 53 },
  ]);
  expect(await nameServersOf(resolver([]), zone)).toEqual([]);
});
