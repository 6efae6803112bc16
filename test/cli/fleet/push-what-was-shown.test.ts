import { expect, it } from 'vitest';
import { cellName } from '../../../lib/plan/names.ts';
import { fleetText, rehearsal } from '../rehearsal.ts';

const CELL = cellName('use1-a');

async function threeFleets() {
  const here = await rehearsal();
  const paths = await Promise.all(
    [100, 200, 300].map((capacity) => here.file(`${capacity}.yaml`, fleetText({ capacity }))),
  );
  const [first = '', mine = '', theirs = ''] = paths;
  expect((await here.pawl(`fleet push ${first} --yes`)).exit).toBe(0);
  const before = (await here.ledger.head(CELL)).number;
  const pushes = async () => (await here.ledger.head(CELL)).number - before;
  return { ...here, mine, theirs, pushes };
}

it('a push that another person overtook while it asked writes nothing, and says so', async () => {
  const { pawl, mine, theirs, pushes } = await threeFleets();
  const meanwhile = async () => {
    expect((await pawl(`fleet push ${theirs} --yes`)).exit).toBe(0);
    return 'yes';
  };
  const { exit, err } = await pawl(`fleet push ${mine}`, { terminal: { answers: [meanwhile] } });
  expect(exit).toBe(1);
  expect(err).toContain('Another fleet was declared since this change was shown');
  expect(await pushes()).toBe(1);
});

it('a dry run names what it compared with, and --expect declares that change and no other', async () => {
  const { pawl, mine, theirs, pushes } = await threeFleets();
  const shown = await pawl(`fleet push ${mine} --dry-run`);
  const [, digits = ''] = /--expect ([0-9a-f]{12})/.exec(shown.out) ?? [];
  expect(JSON.parse((await pawl(`--json fleet push ${mine} --dry-run`)).out)).toMatchObject({
    comparedWith: digits,
  });
  await pawl(`fleet push ${theirs} --yes`);
  const refused = await pawl(`fleet push ${mine} --expect ${digits} --yes`);
  expect(refused.exit).toBe(1);
  expect(refused.err).toContain(`then ${digits} stood, now `);
  const [, now = ''] = /now ([0-9a-f]{12})/.exec(refused.err) ?? [];
  expect((await pawl(`fleet push ${mine} --expect ${now} --yes`)).exit).toBe(0);
  expect(await pushes()).toBe(2);
});

it('what cannot be such a digest is refused', async () => {
  const { pawl, mine } = await threeFleets();
  const { exit, err } = await pawl(`fleet push ${mine} --expect 0C9E51F2AB34 --yes`);
  expect(exit).toBe(2);
  expect(err).toContain(
    '"0C9E51F2AB34" is not what a dry run compares with: that has 12 hexadecimal digits.',
  );
});
