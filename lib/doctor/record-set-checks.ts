import type { RecordSet } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import type { Check } from './check.ts';
import { aliasOf, leaf, text } from './sample-records.ts';

const severalValues: Check = {
  id: 'several-values',
  asserts: 'Weighted records with several values each are made, replaced and deleted as those with one are.',
  severity: 'note',
  gapMeans: 'A target with several addresses is refused here: its endpoints stay as they are.',
  run: async ({ scratch: { zoneId }, at, given, accepts, refuses }) => {
    const several = (set: string, ...hosts: readonly number[]): RecordSet => ({
      ...leaf(at('tree'), set),
      values: hosts.map((host) => `192.0.2.${host}`),
    });
    const [one, two, other] = [several('one', 1, 2), several('two', 3, 4), several('one', 1, 5)];
    await accepts('two of them', [create(one), create(two)], [one, two]);
    const root = aliasOf(at('root'), zoneId, one.name);
    await given([create(root)]);
    await accepts('the replacement of one of them', [remove(one), create(other)], [other, two, root]);
    await refuses('a DELETE with another value', [remove(one)]);
    await refuses('a DELETE with a value less', [remove(several('two', 3))]);
    await accepts('the DELETE of all', [root, other, two].map(remove), []);
  },
};

// The words of the refusal, and who recorded them, are in lib/emulator/invalid-sets.ts.
const batchRule: Check = {
  id: 'batch-rule',
  asserts: 'Of a record set a batch holds one change, or DELETE then CREATE; anything else is refused.',
  severity: 'note',
  gapMeans: 'More lenient than Route 53: a batch that passes here can be refused there.',
  run: async ({ name, at, given, refuses }) => {
    const record = text(name, 'one');
    const next = text(name, 'two');
    const fleeting = text(at('fleeting'), 'one');
    await given([create(record)]);
    await refuses('a CREATE and then its DELETE', [create(fleeting), remove(fleeting)]);
    await refuses('a CREATE twice', [create(fleeting), create(fleeting)]);
    await refuses('a DELETE twice', [remove(record), remove(record)]);
    await refuses('DELETE, CREATE and DELETE', [remove(record), create(next), remove(next)]);
  },
};

/** What is on no public record of Route 53, and worth asking it: nothing of the fence rests on it. */
export const RECORD_SET_CHECKS: readonly Check[] = [severalValues, batchRule];
