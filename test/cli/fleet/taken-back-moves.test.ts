import { expect, it } from 'vitest';
import { fleetText, rehearsal } from '../rehearsal.ts';

const WWW = '      www.example.test: { kind: addresses, targets: [web-1, web-2] }\n';

/** The second cell has an endpoint of its own, and www where it has moved. */
function otherCell(hasWww: boolean): string {
  const www = hasWww ? ', www.example.test: { kind: addresses, targets: [far-1] }' : '';
  return `  use1-b:
    zone: example.test
    policy: { coalesce_s: 0 }
    targets: { far-1: { az: az1, capacity: 50, ipv4: 192.0.2.91 } }
    endpoints: { far.example.test: { kind: addresses, targets: [far-1] }${www} }
`;
}

it('a move that is taken back is half declared until no offer stands, and says so until then', async () => {
  const stage = await rehearsal();
  const before = await stage.file('before.yaml', fleetText() + otherCell(false));
  const moved = await stage.file('moved.yaml', fleetText().replace(WWW, '') + otherCell(true));
  const push = (file: string, flags = '--yes') => stage.pawl(`fleet push ${file} ${flags}`);
  const round = async (...cells: readonly string[]) => {
    for (const cell of cells) {
      await stage.pawl(`plan --cell ${cell} --append`);
      await stage.pawl(`enact ${cell}`);
    }
  };
  await push(before);
  await round('use1-a', 'use1-b');
  await push(moved);
  await round('use1-a');
  const sentence =
    'use1-b may have taken www.example.test by now, which use1-a let it have: the fleet of use1-b stays as it is.';

  const shown = await push(before, '--dry-run --format markdown');
  expect([shown.exit, shown.out]).toEqual([0, expect.stringContaining('may have taken www.example.test')]);
  const first = await push(before);
  expect([first.exit, first.err]).toEqual([1, expect.stringContaining(sentence)]);
  const early = await push(before, '--yes --json');
  expect(early.exit).toBe(1);
  expect(JSON.parse(early.out)).toMatchObject({
    ...{ declared: false, withdrawals: [] },
    unsettled: [{ from: 'use1-a', to: 'use1-b', names: ['www.example.test'] }],
  });
  expect((await stage.pawl('status')).out).toContain('is withdrawing its offer to use1-b');

  await round('use1-a');
  expect(await push(before)).toMatchObject({ exit: 0 });
  await round('use1-a', 'use1-b');
  const { exit, out } = await stage.pawl('status');
  expect([exit, out.match(/converged/g)?.length]).toEqual([0, 2]);
});
