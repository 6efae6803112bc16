import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seeds. A listing left the fence out, and the enactor took that for a fence that moves while the zone is read:
 * it read everything again, 160 times in a run, although the fence that it read alone never changed.
 */
it('a listing without the fence ends a run after a few tries', async () => {
  const choices = '1,8,7,3z,2,3,9z,2,1z,7,16,8z,7,21,3,16,2z,8,21z,4,4,1z,2,27z,5,9,1,39z,5';
  const { result, steps } = await replay(parseReplay(`obstacles-and-orders:${choices}`));
  expect(result.violation).toBeUndefined();
  const isWholeListing = ({ site, detail }: (typeof steps)[number]) =>
    site === 'zone.listRecords' && detail.startsWith('example.test ');
  const listings = Map.groupBy(steps.filter(isWholeListing), ({ actor }) => actor);
  expect(listings.size).toBeGreaterThan(1);
  for (const [actor, lists] of listings) expect(lists.length, actor).toBeLessThanOrEqual(10);
});
