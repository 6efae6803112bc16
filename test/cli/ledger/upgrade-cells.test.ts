import { expect, it } from 'vitest';
import { execute } from '../../../lib/ledger/execute.ts';
import { CELL } from '../../support/ledger-events.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { fleetText, rehearsal } from '../rehearsal.ts';

const occasion = { at: () => 1_790_000_000_000, by: 'operator-ana' };

/** A world with a cell that 0.1.0 left behind. */
async function leftBehind(): Promise<Rehearsal> {
  const stage = await rehearsal();
  await execute(stage.ledger, CELL, occasion, () => ({ type: 'FreezeCell', reason: 'incident' }));
  return stage;
}

const formatOf = async ({ ledger }: Rehearsal) => (await ledger.head(CELL)).state.format;

it('raises a cell once every function reads the newest format, and once only', async () => {
  const stage = await leftBehind();
  expect(await stage.pawl('upgrade --yes')).toMatchObject({
    exit: 0,
    out: 'use1-a is written in format 1, and would be in format 6.\nRaised: what is appended from here on is in the new format.\n',
  });
  expect(await formatOf(stage)).toBe(6);
  expect(await stage.pawl('upgrade use1-a --yes')).toMatchObject({
    exit: 0,
    out: 'use1-a is written in format 6, the newest.\n',
  });
  expect((await stage.ledger.head(CELL)).number).toBe(2);
});

it('asks first, and says what cannot be undone', async () => {
  const stage = await leftBehind();
  const terminal = { answers: ['no'] };
  const asked = await stage.pawl('upgrade', { terminal });
  expect(asked.exit).toBe(1);
  expect(stage.transcript()).toContain(
    'Older releases can then no longer read what is written; nothing lowers a format again.',
  );
  expect(await formatOf(stage)).toBe(1);
});

it('writes nothing in a dry run', async () => {
  const stage = await leftBehind();
  expect(await stage.pawl('upgrade --dry-run --json')).toMatchObject({ exit: 0 });
  expect(await formatOf(stage)).toBe(1);
});

it('refuses while functions of an older release are deployed, or nothing says what they read', async () => {
  const stage = await leftBehind();
  expect(await stage.pawl('upgrade --yes', { world: { functionsRead: 1 } })).toMatchObject({
    exit: 1,
    err: expect.stringContaining(
      'The functions of cell use1-a read formats up to 1, and this Pawl would write format 6: deploy 0.6.0 or a newer release first.',
    ),
  });
  expect(await stage.pawl('upgrade --yes', { world: { functionsRead: undefined } })).toMatchObject({
    exit: 1,
    err: expect.stringContaining('name their stack with --stack.'),
  });
  expect(await formatOf(stage)).toBe(1);
});

it('is what status asks for', async () => {
  const stage = await rehearsal();
  const fleet = await stage.file('fleet.yaml', fleetText());
  const older = { world: { functionsRead: 1 } };
  expect(await stage.pawl(`fleet push ${fleet} --yes`, older)).toMatchObject({ exit: 0 });
  expect((await stage.pawl('status', older)).out).toContain(
    'use1-a is written in format 1 of 6, which does not record what is kept back, refused or not observed, and since when: "pawl upgrade use1-a" once every function is of this release.',
  );
  await stage.pawl('upgrade --yes');
  expect((await stage.pawl('status')).out).not.toContain('format');
});
