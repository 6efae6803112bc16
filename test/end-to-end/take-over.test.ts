import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create } from '../../lib/plan/records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { askedWorld } from './asked-world.ts';

/*
 * A zone of plain records is taken over by one command, and given back by another, while a client asks every 20 ms: not
 * one answer is missing, and nothing of Pawl's is left.
 */

const FLEET = `version: 1
defaults: { policy: { coalesce_s: 0 } }
cells:
  use1:
    zone: example.test
    targets: { a-1: { az: az1, capacity: 10, ipv4: 192.0.2.1 } }
    endpoints: { api.example.test: { kind: addresses, targets: [a-1] } }
`;

const host = (index: number): RecordSet => ({
  name: dnsName(`h${index}.example.test`),
  type: 'A',
  ttl: 60,
  values: [`198.51.100.${index + 1}`],
});

const weighted = (id: string, last: number): RecordSet => ({
  ...({ name: dnsName('www.example.test'), type: 'A', ttl: 60 } as const),
  ...{ setIdentifier: id, weight: 10, values: [`203.0.113.${last}`] },
});

const PLAIN: readonly RecordSet[] = [
  ...Array.from({ length: 20 }, (_, index) => host(index)),
  weighted('one', 1),
  weighted('two', 2),
  { name: dnsName('docs.example.test'), type: 'CNAME', ttl: 60, values: ['docs.elsewhere.test.'] },
];

it('a zone is taken over and given back: every answer is there, and nothing of Pawl is left', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'fleet.yaml');
  await writeFile(file, FLEET);
  const world = await askedWorld(folder, file);
  const [zone] = world.account.listHostedZones().zones;
  const zoneId = zone?.id ?? '';
  const { id } = world.account.changeResourceRecordSets(zoneId, { changes: PLAIN.map(create) });
  world.account.settle(id);
  const own = (): readonly RecordSet[] =>
    world.account.records(zoneId).filter(({ name }) => name.includes('.taken._pawl.'));
  const names = [...new Set(PLAIN.map(({ name, type }) => `${name} ${type}`))];
  world.ask(
    names.map((each) => {
      const [name = '', type = ''] = each.split(' ');
      return { name, type: type === 'CNAME' ? 'CNAME' : 'A' };
    }),
  );
  const taken = await world.run(
    ...['take-over', '--zone', 'example.test', '--cell', 'taken'],
    ...['--file', join(folder, 'taken.yaml'), '--yes'],
  );
  expect(taken, taken.out).toMatchObject({ code: 0 });
  expect(own().length).toBeGreaterThan(0);
  const given = await world.run('give-back', '--cell', 'taken', '--yes');
  expect(given, given.out).toMatchObject({ code: 0 });
  expect(own()).toEqual([]);
  const { questions, missing } = world.asked();
  expect(missing).toEqual([]);
  expect(questions).toBeGreaterThan(50);
}, 240_000);
