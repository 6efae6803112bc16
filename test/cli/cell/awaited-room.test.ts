import { expect, it } from 'vitest';
import { converged, fleetText } from '../rehearsal.ts';

const MORE = fleetText({ capacity: 80 });

it('pawl status says what a plan waits for that Route 53 had no room for, until it is applied', async () => {
  const stage = await converged();
  const file = await stage.file('more.yaml', MORE);
  await stage.pawl(`fleet push ${file} --yes`);
  await stage.pawl('plan --append');
  // Nobody has surveyed the zone. It holds 11 records: two of its own, the fence, and two endpoints of four.
  stage.core.configure({ recordLimit: 12 });
  const enacted = await stage.pawl('enact use1-a');
  expect([enacted.exit, enacted.out]).toEqual([1, expect.stringContaining('needs 2 records and 1 are free')]);
  const waiting = await stage.pawl('status');
  expect(waiting.exit).toBe(1);
  expect(waiting.out).toContain(
    'use1-a: @2 waits for room: it needs 2 records, 1 are free by the last survey.',
  );
  const { cells } = JSON.parse((await stage.pawl('status --json')).out);
  expect(cells[0]).toMatchObject({
    condition: 'behind',
    awaitedRoom: { generation: 2, needs: 2, free: 1 },
  });
  stage.core.configure({ recordLimit: 100 });
  await stage.pawl('audit --no-dns');
  expect((await stage.pawl('status')).out).not.toContain('waits for room');
  await stage.pawl('enact use1-a');
  expect(await stage.pawl('status')).toMatchObject({ exit: 0 });
});
