import { afterEach, expect, it } from 'vitest';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import type { DnsServer } from '../../lib/emulator/dns/serve-dns.ts';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import { serverAnswers } from '../../lib/wiring/server-answers.ts';
import { numberedIds } from '../support/numbered-ids.ts';

const API = dnsName('api.example.test');
const world = { clock: systemClock, randomness: systemRandomness };
let server: DnsServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(): Promise<DnsServer> {
  const core = createRoute53(PROMPT_ROUTE53, { now: () => systemClock.now(), id: numberedIds() });
  const { zone } = core.createHostedZone({ name: dnsName('example.test'), callerReference: 'test' });
  const record = { name: API, type: 'A', ttl: 60, values: ['192.0.2.1'] };
  core.changeResourceRecordSets(zone.id, { changes: [{ action: 'CREATE', record }] });
  server = await serveDns(route53AnswerSource(core), { host: '127.0.0.1', port: 0, random: () => 0 });
  return server;
}

it('tells an answer from nothing, at a name and at a type', async () => {
  const resolver = serverAnswers(world, await serve());
  expect(await resolver.answers(API, 'A')).toBe('answer');
  expect(await resolver.answers(API, 'AAAA')).toBe('empty');
  expect(await resolver.answers(dnsName('gone.example.test'), 'A')).toBe('empty');
});

it('takes a refusal, a server that is not there and a type that no root has for no answer at all', async () => {
  const running = await serve();
  const resolver = serverAnswers(world, running);
  expect(await resolver.answers(dnsName('elsewhere.example.org'), 'A')).toBe('unreachable');
  expect(await resolver.answers(API, 'TXT')).toBe('unreachable');
  await running.close();
  expect(await resolver.answers(API, 'A')).toBe('unreachable');
});
