import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { allRecords } from '../../lib/zone/read-records.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { openEmulated, openInProcess } from './zone-adapters.ts';

const name = fc
  .constantFrom('a', 'b', 'b.a', '*.a', 'a-b')
  .map((labels) => dnsName(`${labels}.example.test`));
const txt = fc
  .tuple(name, fc.constantFrom('"one"', '"two <&>"'), fc.constantFrom(60, 61))
  .map(([owner, value, ttl]): RecordSet => ({ name: owner, type: 'TXT', ttl, values: [value] }));
const leaf = fc.tuple(name, fc.constantFrom('x', 'y'), fc.constantFrom(0, 9)).map(
  ([owner, setIdentifier, weight]): RecordSet => ({
    name: owner,
    type: 'A',
    ttl: 60,
    values: ['192.0.2.1'],
    setIdentifier,
    weight,
  }),
);
const alias = fc.tuple(name, name).map(
  ([owner, target]): RecordSet => ({
    name: owner,
    type: 'A',
    alias: { zoneId: 'HERE', name: target, evaluateTargetHealth: false },
  }),
);
const cname = name.map(
  (owner): RecordSet => ({ name: owner, type: 'CNAME', ttl: 60, values: ['x.example.com.'] }),
);
const change = fc.record({
  action: fc.constantFrom('CREATE' as const, 'CREATE' as const, 'DELETE' as const),
  record: fc.oneof(txt, leaf, alias, cname),
});
const history = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 25 });

function here({ action, record }: Change, zone: Zone): Change {
  const { alias: target } = record;
  if (target === undefined) return { action, record };
  return { action, record: { ...record, alias: { ...target, zoneId: zone.id } } };
}

async function replay(zone: Zone, batches: readonly (readonly Change[])[]) {
  const outcomes: string[] = [];
  for (const batch of batches) {
    const changes = batch.map((one) => here(one, zone));
    outcomes.push((await zone.change({ kind: 'scratch', changes, comment: 'replay' })).type);
  }
  return { outcomes, records: (await allRecords(zone)).records };
}

it('the adapters answer the same to any history of batches, and leave the same zone', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (batches) => {
      const direct = await openEmulated();
      const wired = await openInProcess();
      expect(await replay(wired.zone, batches)).toEqual(await replay(direct.zone, batches));
      await wired.close();
    }),
    { numRuns: 60 },
  );
});
