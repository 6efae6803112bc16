import { expect, test } from 'vitest';
import { answer } from '../../../lib/emulator/dns/answer.ts';
import { route53AnswerSource } from '../../../lib/emulator/dns/route53-answer-source.ts';
import type { Route53 } from '../../../lib/emulator/route53.ts';
import { createRoute53 } from '../../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../../lib/emulator/settings.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import type { RecordSet } from '../../../lib/plan/records.ts';
import { create, remove } from '../../../lib/plan/records.ts';
import { alias, at, set, weighted } from './zones.ts';

/** An account whose changes take five seconds to reach the name servers, and a clock to pass them. */
function account() {
  let now = 0;
  let ids = 0;
  const id = (prefix: string) => {
    ids += 1;
    return `${prefix}${ids}`;
  };
  const core = createRoute53({ ...PROMPT_ROUTE53, insyncDelayMs: 5000 }, { now: () => now, id });
  return {
    core,
    pass: (ms: number) => {
      now += ms;
    },
    zone: (name: string) => core.createHostedZone({ name, callerReference: `${name} ${ids}` }).zone.id,
  };
}

function values(core: Route53, name: string, type = 'A', fraction = 0.5): readonly string[] {
  const { answers } = answer(route53AnswerSource(core), { name: dnsName(name), type }, fraction);
  return answers.map(({ value }) => value);
}

function plant(core: Route53, zoneId: string, ...records: readonly RecordSet[]): void {
  core.changeResourceRecordSets(zoneId, { changes: records.map(create) });
}

test('a new zone answers with the SOA and NS that Route 53 gives it', () => {
  const { core, zone } = account();
  zone('example.test');
  expect(values(core, 'example.test', 'NS')).toHaveLength(4);
  expect(values(core, 'example.test', 'SOA')).toHaveLength(1);
});

test('a change is answered once it is INSYNC, and not before', () => {
  const { core, zone, pass } = account();
  const id = zone('example.test');
  const first = set(at('api'), 'A', '192.0.2.1');
  plant(core, id, first);
  expect(values(core, 'api.example.test')).toEqual([]);
  pass(5000);
  expect(values(core, 'api.example.test')).toEqual(['192.0.2.1']);
  core.changeResourceRecordSets(id, { changes: [remove(first), create(set(at('api'), 'A', '192.0.2.2'))] });
  expect(values(core, 'api.example.test')).toEqual(['192.0.2.1']);
  pass(4999);
  expect(values(core, 'api.example.test')).toEqual(['192.0.2.1']);
  pass(1);
  expect(values(core, 'api.example.test')).toEqual(['192.0.2.2']);
});

test('a root that points at a tree answers with the tree, and with nothing once the tree is deleted', () => {
  const { core, zone, pass } = account();
  const id = zone('example.test');
  const tree = at('g000145.api.use1-a._pawl');
  const leaves = [weighted(tree, 1, '192.0.2.1'), weighted(tree, 1, '192.0.2.2')];
  plant(core, id, ...leaves, alias(at('api'), 'A', tree, { zoneId: id }));
  pass(5000);
  expect([0.25, 0.75].map((fraction) => values(core, 'api.example.test', 'A', fraction))).toEqual([
    ['192.0.2.1'],
    ['192.0.2.2'],
  ]);
  core.changeResourceRecordSets(id, { changes: leaves.map(remove) });
  pass(5000);
  expect(values(core, 'api.example.test')).toEqual([]);
});

test('health is the health checks’, as it is at the query', () => {
  const { core, zone, pass } = account();
  const id = zone('example.test');
  const check = core.createHealthCheck({ callerReference: 'one', config: { Type: 'TCP' } }).id;
  const checked = weighted(at('api'), 1, '192.0.2.1', { healthCheckId: check });
  plant(core, id, checked, weighted(at('api'), 1, '192.0.2.2'));
  pass(5000);
  const both = () => [0.25, 0.75].flatMap((fraction) => values(core, 'api.example.test', 'A', fraction));
  expect(both()).toEqual(['192.0.2.1', '192.0.2.2']);
  core.setHealth(check, false);
  expect(both()).toEqual(['192.0.2.2', '192.0.2.2']);
});

test('of nested zones the deepest answers, of two with one name the older', () => {
  const { core, zone, pass } = account();
  const [parent, child, twin] = [
    zone('example.test'),
    zone('child.example.test'),
    zone('child.example.test'),
  ];
  plant(core, parent, set(at('www.child'), 'A', '192.0.2.1'));
  plant(core, child, set(at('www.child'), 'A', '192.0.2.2'));
  plant(core, twin, set(at('www.child'), 'A', '192.0.2.3'));
  pass(5000);
  expect(values(core, 'www.child.example.test')).toEqual(['192.0.2.2']);
  expect(answer(route53AnswerSource(core), { name: dnsName('example.net'), type: 'A' }, 0).rcode).toBe(
    'REFUSED',
  );
});

test('answering costs no request of the account’s rate', () => {
  const { core, zone, pass } = account();
  const id = zone('example.test');
  plant(core, id, set(at('api'), 'A', '192.0.2.1'));
  pass(5000);
  core.configure({ throttle: { burst: 1, perSecond: 1 } });
  for (let index = 0; index < 20; index += 1) expect(values(core, 'api.example.test')).toEqual(['192.0.2.1']);
  expect(core.getHostedZone(id).name).toBe('example.test');
});
