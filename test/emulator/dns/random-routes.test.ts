import { expect, test } from 'vitest';
import { answer } from '../../../lib/emulator/dns/answer.ts';
import { clientIn } from '../../../lib/emulator/dns/client.ts';
import { ipBlock } from '../../../lib/emulator/places/ip-block.ts';
import { seededChoice } from '../../support/seeded-choice.ts';
import { isAmong, mayAnswer, mayBeEmpty } from './route-oracle.ts';
import { ASKERS, BLOCKS, randomBranch, recordsOf } from './route-records.ts';
import { at, sourceOf } from './zones.ts';

/** Trees; PAWL_ROUTES=100000 for a longer run. */
const ROUTES = Number(process.env['PAWL_ROUTES'] ?? 1_000);
const FRACTIONS = [0, 0.2, 0.4, 0.55, 0.7, 0.85, 0.99];

test('random trees answer from each place what an independent oracle says', () => {
  const name = at('api');
  let answered = 0;
  for (let seed = 1; seed <= ROUTES; seed += 1) {
    const root = randomBranch(seededChoice(seed), 1 + (seed % 3));
    const { records, unhealthy } = recordsOf(root, name);
    const source = sourceOf(records, { unhealthy, blocks: BLOCKS });
    for (const asker of ASKERS) {
      const expected = mayAnswer(root, asker);
      for (const fraction of FRACTIONS) {
        const client = clientIn(source.places, ipBlock(asker.address));
        const { answers } = answer(source, { name, type: 'A' }, fraction, client);
        const got = answers.map(({ value }) => value);
        const fits = got.length === 0 ? mayBeEmpty(root, asker) : isAmong(got, expected);
        if (!fits) {
          const wanted = expected.map(({ values, count }) => `${count} of ${values.join()}`).join('; ');
          expect.fail(`seed ${seed}, from ${asker.address}: ${got.join()}, and not ${wanted}`);
        }
        answered += got.length;
      }
    }
  }
  expect(answered).toBeGreaterThan(ROUTES);
});
