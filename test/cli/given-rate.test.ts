import { expect, it } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { program } from '../../lib/cli/program.ts';
import type { WorldFlags } from '../../lib/wiring/choose-world.ts';
import { NOWHERE, rehearsal } from './rehearsal.ts';

/** What the world is opened with. */
async function flagsOf(line: string): Promise<WorldFlags | undefined> {
  let seen: WorldFlags | undefined;
  await main(line.split(' '), {
    terminal: NOWHERE,
    env: {},
    interruption: () => new AbortController().signal,
    chooseWorld: async (flags) => {
      seen = flags;
      return { type: 'none', reason: 'nowhere' };
    },
  });
  return seen;
}

it.each(['--rate 3 status', 'status --rate 3', 'plan --rate 3', 'enact use1-a --sweep --rate 3'])(
  'pawl %s works in its world with so many requests a second',
  async (line) => {
    expect(await flagsOf(line)).toMatchObject({ rate: 3 });
  },
);

it('leaves the rate to the world where nobody gives one', async () => {
  expect(await flagsOf('status')).not.toHaveProperty('rate');
});

it.each(['0', '101', '-1', '2.5', 'fast', '1e3', ''])('refuses "--rate=%s" with its bounds', async (rate) => {
  const stage = await rehearsal();
  const { exit, out, err } = await stage.pawl(`status --rate=${rate}`);
  expect(exit).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(/^pawl: .*--rate.*It is a whole number from 1 to 100/);
  expect(err.trim().split('\n')).toHaveLength(1);
});

it('is an option of every command', async () => {
  const root = await program({ run: async () => undefined }, NOWHERE);
  const without = root.commands
    .flatMap((command) => [command, ...command.commands])
    .filter(({ options }) => !options.some(({ long }) => long === '--rate'));
  expect(without.map((command) => command.name())).toEqual([]);
});
