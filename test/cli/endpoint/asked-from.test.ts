import { describe, expect, onTestFinished, test } from 'vitest';
import { route53AnswerSource } from '../../../lib/emulator/dns/route53-answer-source.ts';
import { serveDns } from '../../../lib/emulator/dns/serve-dns.ts';
import { BUILT_IN_PLACES } from '../../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../../lib/emulator/places/client-at.ts';
import type { Route53 } from '../../../lib/emulator/route53.ts';
import type { World } from '../../../lib/wiring/world.ts';
import { a, put } from '../../emulator/account.ts';
import type { Rehearsal, TypedHow } from '../rehearsal.ts';
import { converged, rehearsal } from '../rehearsal.ts';

const GEO = 'geo.example.test';
const PLACES: Partial<World> = { clientAt: async (place) => clientAt(BUILT_IN_PLACES, place) };

/** A real DNS server for the emulated account, over UDP. */
async function served(core: Route53): Promise<TypedHow> {
  const server = await serveDns(route53AnswerSource(core), {
    host: '127.0.0.1',
    port: 0,
    random: Math.random,
  });
  onTestFinished(() => server.close());
  return { dns: { host: server.host, port: server.port }, world: PLACES };
}

/** Two latency records, in Ireland and in Virginia, and their server. */
async function twoRegions(): Promise<{ readonly stage: Rehearsal; readonly how: TypedHow }> {
  const stage = await rehearsal();
  const latency = (Region: string, value: string) =>
    put(a(GEO, value, { setIdentifier: Region, routing: { Region } }));
  stage.core.changeResourceRecordSets(stage.zoneId, {
    changes: [latency('eu-west-1', '192.0.2.1'), latency('us-east-1', '192.0.2.2')],
  });
  return { stage, how: await served(stage.core) };
}

describe('resolve --from', () => {
  test.each([
    ['eu-west-1', '198.51.100.65', '192.0.2.1'],
    ['us-east-1', '192.0.2.1', '192.0.2.2'],
    ['de', '198.51.100.1', '192.0.2.1'],
    ['US-CA', '192.0.2.65', '192.0.2.2'],
    ['eu', '198.51.100.1', '192.0.2.1'],
    ['Continent-na', '192.0.2.1', '192.0.2.2'],
    ['2001:db8:6::7', '2001:db8:6::7', '192.0.2.1'],
  ])('%s gets the answer of a client there', async (place, client, value) => {
    const { stage, how } = await twoRegions();
    const { exit, out } = await stage.pawl(`resolve ${GEO} --count 5 --json --from ${place}`, how);
    const bits = client.includes(':') ? 128 : 32;
    expect(JSON.parse(out)).toMatchObject({
      from: { client, scopes: { [bits]: 5 } },
      spread: { others: [{ answer: value, answers: 5 }] },
    });
    expect(exit).toBe(0);
  });

  test('says from where it asked, and the scope that came back', async () => {
    const { stage, how } = await twoRegions();
    const { out } = await stage.pawl(`resolve ${GEO} --count 5 --from eu-west-1`, how);
    expect(out).toContain('5 queries from eu-west-1 (198.51.100.65), scope /32: 5 NOERROR\n');
    const { out: ofAddress } = await stage.pawl(`resolve ${GEO} --count 5 --from 198.51.100.70`, how);
    expect(ofAddress).toContain('5 queries from 198.51.100.70, scope /32: 5 NOERROR\n');
    const { out: plain } = await stage.pawl(`resolve example.test --type NS --count 5 --from DE`, how);
    expect(plain).toContain('from DE (198.51.100.1), scope /0 (the same for everybody): 5 NOERROR\n');
  });

  test.each([
    ['DE', {}, '--from DE needs an address of a client there: --from 192.0.2.1.'],
    ['XX', PLACES, 'the table of places (places.json) has nobody there.'],
    [
      'nowhere',
      PLACES,
      'It is a Region (eu-west-1), a country (DE), a state (US-CA), a continent (EU, continent-SA), or an address',
    ],
    [
      'fe80::1%eth0',
      PLACES,
      'It is a Region (eu-west-1), a country (DE), a state (US-CA), a continent (EU, continent-SA), or an address',
    ],
  ])('%s is bad input where nobody knows a client there', async (place, world, words) => {
    const stage = await rehearsal();
    const { exit, err } = await stage.pawl(`resolve ${GEO} --from ${place}`, { world });
    expect(exit).toBe(2);
    expect(err).toContain(words);
  });
});

test('explain --from also shows what a client there is answered', async () => {
  const stage = await converged();
  const how = await served(stage.core);
  const { exit, out } = await stage.pawl('explain api.example.test --from DE', how);
  expect(exit).toBe(0);
  expect(out).toContain('asked from DE (198.51.100.1), scope /0 (the same for everybody), 100 queries\n');
  expect(out).toMatch(/\n {2}192\.0\.2\.1 \(api-1\): \d+\n/);
  const { out: text } = await stage.pawl('explain api.example.test --json --from DE', how);
  expect(JSON.parse(text)).toMatchObject({
    asked: { from: { place: 'DE', scopes: { 0: 100 } }, asked: 100 },
  });
  const { out: unasked } = await stage.pawl('explain api.example.test --json', how);
  expect(JSON.parse(unasked)).not.toHaveProperty('asked');
});
