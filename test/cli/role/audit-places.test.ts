import { expect, onTestFinished, test } from 'vitest';
import { route53AnswerSource } from '../../../lib/emulator/dns/route53-answer-source.ts';
import { serveDns } from '../../../lib/emulator/dns/serve-dns.ts';
import { BUILT_IN_PLACES } from '../../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../../lib/emulator/places/client-at.ts';
import type { Rehearsal, TypedHow } from '../rehearsal.ts';
import { rehearsal } from '../rehearsal.ts';

const FLEET = `version: 1
cells:
  use1-a:
    zone: example.test
    targets:
      api-1: { az: az1, capacity: 100, ipv4: 192.0.2.1 }
      api-2: { az: az2, capacity: 100, ipv4: 192.0.2.2 }
    endpoints:
      api.example.test:
        kind: addresses
        route:
          geolocation:
            default: { targets: [api-1] }
            EU: { targets: [api-2] }
            US-TX: { targets: [api-1] }
      geo.example.test:
        kind: addresses
        route:
          geolocation: { EU: { latency: { eu-west-1: { targets: [api-1] } } } }
          elsewhere: none
`;

async function applied(): Promise<{ readonly stage: Rehearsal; readonly how: TypedHow }> {
  const stage = await rehearsal();
  const file = await stage.file('fleet.yaml', FLEET);
  await stage.pawl(`fleet push ${file} --yes`);
  await stage.pawl('plan --append');
  await stage.pawl('enact use1-a');
  const server = await serveDns(route53AnswerSource(stage.core), {
    host: '127.0.0.1',
    port: 0,
    random: Math.random,
  });
  onTestFinished(() => server.close());
  const world = { clientAt: async (place: string) => clientAt(BUILT_IN_PLACES, place) };
  return { stage, how: { dns: { host: server.host, port: server.port }, world } };
}

test('an audit says from which places it could not ask, and is clean all the same', async () => {
  const { stage, how } = await applied();
  const { exit, out } = await stage.pawl('audit', how);
  expect(out).toContain(
    'use1-a: an endpoint was not asked for from 1 place because nobody knows a client there: US-TX.\n',
  );
  expect(out).toContain(
    'use1-a: an endpoint was not asked for from 1 place because clients elsewhere get no answer by its plan: eu-west-1.\n',
  );
  expect(out).toContain('0 of 3');
  expect(exit).toBe(0);
  const document = JSON.parse((await stage.pawl('audit --json', how)).out);
  expect(document.cells[0].outcome).toMatchObject({
    type: 'clean',
    report: {
      empty: [],
      asked: 3,
      unasked: [
        { place: 'US-TX', why: 'no-client' },
        { place: 'eu-west-1', why: 'not-owed' },
      ],
    },
  });
});

test('an audit that asks nothing names no places', async () => {
  const { stage, how } = await applied();
  const { out } = await stage.pawl('audit --no-dns', how);
  expect(out).not.toContain('was not asked for');
});
