import { describe, expect, it } from 'vitest';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { allRecords } from '../../lib/zone/read-records.ts';
import { whatIfZone } from '../../lib/zone/what-if-zone.ts';
import type { Batch } from '../../lib/zone/zone.ts';
import { numberedIds } from '../support/numbered-ids.ts';

const ZONE = dnsName('example.test');

function address(name: string, value: string): RecordSet {
  return { name: dnsName(name), type: 'A', ttl: 60, values: [value] };
}

function stage(count: number) {
  const core = createRoute53(PROMPT_ROUTE53, { now: () => 0, id: numberedIds() });
  const { zone } = core.createHostedZone({ name: ZONE, callerReference: 'test' });
  const records = Array.from({ length: count }, (_, index) =>
    address(`n${index}.example.test`, `192.0.2.${index}`),
  );
  if (count > 0) core.changeResourceRecordSets(zone.id, { changes: records.map(create), comment: '' });
  const real = emulatedZone(core, zone.id);
  const sent: Batch[] = [];
  return { real, sent, records, zone: whatIfZone(real, (batch) => sent.push(batch)) };
}

describe('a zone that only might be', () => {
  it('reads what is there until the first batch, and what would be there after it', async () => {
    const { real, zone, sent, records } = stage(5);
    const before = await allRecords(real);
    expect(await allRecords(zone)).toEqual(before);
    const [first] = records;
    if (first === undefined) throw new Error('the zone is empty');
    const added = address('a-new.example.test', '192.0.2.99');
    const outcome = await zone.change({
      kind: 'scratch',
      changes: [remove(first), create(added)],
      comment: '',
    });
    expect(outcome).toEqual({ type: 'accepted', changeId: 'what-if-1' });
    expect(await zone.changeStatus('what-if-1')).toBe('insync');
    const after = (await allRecords(zone)).records;
    expect(after).toEqual(expect.arrayContaining([added]));
    expect(after).not.toEqual(expect.arrayContaining([first]));
    expect(after).toHaveLength(before.records.length);
    expect(sent).toHaveLength(1);
    expect(await allRecords(real)).toEqual(before);
  });

  it.each([1, 2, 3, 300])('lists the same in pages of %i as Route 53 does', async (limit) => {
    const { real, zone } = stage(7);
    await zone.change({
      kind: 'scratch',
      changes: [create(address('x.n1.example.test', '192.0.2.7'))],
      comment: '',
    });
    await real.change({
      kind: 'scratch',
      changes: [create(address('x.n1.example.test', '192.0.2.7'))],
      comment: '',
    });
    for (const name of ['example.test', 'n3.example.test', 'n1.example.test', 'z.example.test']) {
      const start = { name: dnsName(name) };
      expect(await zone.listRecords(start, limit)).toEqual(await real.listRecords(start, limit));
    }
  });

  it.each([
    ['deletes what is not there', [remove(address('none.example.test', '192.0.2.1'))]],
    ['deletes what is other than it says', [remove(address('n1.example.test', '192.0.2.200'))]],
    ['creates what is there', [create(address('n2.example.test', '192.0.2.2'))]],
  ])('refuses a batch whole that %s', async (_, changes) => {
    const { real, zone, sent } = stage(3);
    const fine = create(address('fine.example.test', '192.0.2.50'));
    const outcome = await zone.change({ kind: 'scratch', changes: [fine, ...changes], comment: '' });
    expect(outcome.type).toBe('rejected');
    expect(sent).toEqual([]);
    expect((await allRecords(zone)).records).toEqual((await allRecords(real)).records);
  });

  it('asks Route 53 about changes that are not its own', async () => {
    const { real, zone } = stage(0);
    const made = await real.change({
      kind: 'scratch',
      changes: [create(address('n.example.test', '192.0.2.1'))],
      comment: '',
    });
    if (made.type !== 'accepted') throw new Error(made.reason);
    expect(await zone.changeStatus(made.changeId)).toBe(await real.changeStatus(made.changeId));
    expect(await zone.changeStatus('C0')).toBe('unknown');
  });
});
