import { describe, expect, it, onTestFinished } from 'vitest';
import { whomText, whomToAsk } from '../../../lib/cli/zone/whom-to-ask.ts';
import { route53AnswerSource } from '../../../lib/emulator/dns/route53-answer-source.ts';
import type { DnsServer } from '../../../lib/emulator/dns/serve-dns.ts';
import { serveDns } from '../../../lib/emulator/dns/serve-dns.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { NotAsked } from '../../../lib/preflight/survey.ts';
import { systemClock } from '../../../lib/runtime/clock.ts';
import type { NamedServer } from '../../../lib/wiring/name-servers.ts';
import type { World } from '../../../lib/wiring/world.ts';
import { account } from '../../emulator/account.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';

const ZONE = { id: 'Z1', name: dnsName('example.test'), private: false };
const OTHER = { ...ZONE, name: dnsName('example.com') };

async function served(): Promise<DnsServer> {
  const source = route53AnswerSource(account().core);
  const server = await serveDns(source, { host: '127.0.0.1', port: 0, random: () => 0.5 });
  onTestFinished(() => server.close());
  return server;
}

/** A port at which nothing listens any more. */
async function silent(): Promise<DnsServer> {
  const server = await served();
  await server.close();
  return server;
}

function world(more: Partial<Pick<World, 'dns' | 'nameServers'>> = {}) {
  return { clock: systemClock, randomness: seededRandomness(), ...more };
}

const named = ({ host, port }: DnsServer, number: number): NamedServer => ({
  ...{ host, port, name: dnsName(`ns-${number}.awsdns-01.com`) },
});

describe('whom a take-over asks', () => {
  it('is the server that a person named, which may be a resolver', async () => {
    const server = await served();
    const whom = await whomToAsk(world({ dns: await silent() }), { ...ZONE, private: true }, server);
    expect(whom).toMatchObject({ type: 'server', recursion: true, called: `127.0.0.1:${server.port}` });
  });

  it('is nobody else where the server that a person named does not answer for the zone', async () => {
    const dns = await served();
    await expect(whomToAsk(world({ dns }), OTHER, dns)).rejects.toThrow(
      `The DNS server 127.0.0.1:${dns.port} does not answer for example.com: name another one with --server, or none.`,
    );
  });

  it('is the server of a local world', async () => {
    const dns = await served();
    expect(await whomToAsk(world({ dns }), ZONE, undefined)).toMatchObject({ server: { port: dns.port } });
    expect(await whomToAsk(world({ dns: await silent() }), ZONE, undefined)).toMatchObject({
      type: 'nobody',
      why: expect.stringContaining('does not answer for example.test'),
    });
  });

  it('is the first of the zone\u2019s own name servers that answers for it', async () => {
    const servers = [named(await silent(), 1), named(await served(), 2), named(await served(), 3)];
    const asked: unknown[] = [];
    const nameServers: World['nameServers'] = async (zone) => {
      asked.push(zone);
      return servers;
    };
    const whom = await whomToAsk(world({ nameServers }), ZONE, undefined);
    expect(whom).toMatchObject({ server: { port: servers[1]?.port }, recursion: false });
    expect(whomText(whom)).toBe('Each name is asked before and after at ns-2.awsdns-01.com (127.0.0.1).\n');
    expect(asked).toEqual([{ zone: 'example.test', zoneId: 'Z1' }]);
  });

  it.each([
    [
      'the zone is private',
      { ...ZONE, private: true },
      async () => [],
      'the zone example.test is private, and only resolvers in its VPCs answer for it',
    ],
    [
      'no name server has an address',
      ZONE,
      async () => [],
      'no name server of example.test has an address here',
    ],
    [
      'none answers',
      ZONE,
      async () => [named(await silent(), 1)],
      'none of the name servers of example.test answers here (ns-1.awsdns-01.com)',
    ],
    [
      'they answer for other zones alone',
      OTHER,
      async () => [named(await served(), 1)],
      'none of the name servers of example.com answers here (ns-1.awsdns-01.com)',
    ],
    [
      'Route 53 does not say them',
      ZONE,
      async () => {
        throw new NotAsked('Route 53 does not say it (Rate exceeded)');
      },
      'Route 53 does not say it (Rate exceeded)',
    ],
    ['there is nobody to ask for them', ZONE, undefined, 'no DNS server is known here'],
  ])('is nobody where %s, and one sentence says what that means', async (_, zone, nameServers, why) => {
    const whom = await whomToAsk(world({ nameServers }), zone, undefined);
    expect(whom).toEqual({ type: 'nobody', why });
    expect(whomText(whom)).toBe(
      `Answers are not compared, because ${why}: that every name answers is then said by the records in Route 53 and the ledger alone, unless --server names a DNS server to ask.\n`,
    );
  });
});
