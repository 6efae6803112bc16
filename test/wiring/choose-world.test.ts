import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { WorldFlags } from '../../lib/wiring/choose-world.ts';
import { chooseWorld } from '../../lib/wiring/choose-world.ts';
import type { World } from '../../lib/wiring/world.ts';
import { writeWorldFile } from '../../lib/wiring/world-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldFacts } from './world-facts.ts';

const NO_ENV = {};

/** Credentials and nothing else that the SDK would look for on this machine. */
function stubCredentials(keys: Readonly<Record<string, string>>): void {
  for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID'])
    vi.stubEnv(name, undefined);
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ACCOUNT_ID'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value);
}

async function chosen(flags: WorldFlags, env: Readonly<Record<string, string>> = NO_ENV): Promise<World> {
  const choice = await chooseWorld(flags, env);
  if (choice.type !== 'world') throw new Error(choice.reason);
  await choice.world.close();
  return choice.world;
}

/** Every command looks for `.pawl` where it is called. */
async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await act();
  } finally {
    process.chdir(before);
  }
}

describe('choosing a world', () => {
  it('finds the local world of a live process in the folder', async () => {
    const folder = await temporaryFolder();
    await writeWorldFile(folder, worldFacts({ dns: { host: '127.0.0.1', port: 5354 } }));
    const world = await chosen({ folder });
    expect(world.kind).toBe('local');
    expect(world.title).toBe(`local world of process ${process.pid} (${folder})`);
    expect(world.dns).toEqual({ host: '127.0.0.1', port: 5354 });
    expect(world.operator).toMatch(/^operator(-[a-z0-9-]+)?$/);
  });

  it('says what to do when there is none', async () => {
    const choice = await chooseWorld({ folder: await temporaryFolder() }, NO_ENV);
    expect(choice).toMatchObject({ type: 'none', reason: expect.stringMatching(/"npm start".*--table/) });
  });

  it('takes the table of the flags, and its Region and account for the title', async () => {
    stubCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ACCOUNT_ID: '123456789012' });
    const world = await chosen({ table: 'pawl', region: 'eu-west-1' });
    expect(world.kind).toBe('aws');
    expect(world.title).toBe('table pawl, eu-west-1, account 123456789012');
    expect(world.dns).toBeUndefined();
  });

  it('takes the table and the Region of the environment', async () => {
    stubCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ACCOUNT_ID: '123456789012' });
    const world = await chosen({}, { PAWL_TABLE: 'other', AWS_REGION: 'us-west-2' });
    expect(world.title).toBe('table other, us-west-2, account 123456789012');
  });

  it('does not need DynamoDB, so that a rescue can work while it is dead', async () => {
    stubCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    const world = await chosen({ table: 'pawl', region: 'eu-west-1' });
    expect(world.title).toBe('table pawl, eu-west-1, account not known');
    expect(world.zone('Z0123456789').id).toBe('Z0123456789');
  });

  it('refuses a table while a local world runs where the command is called', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '.pawl'));
    await writeWorldFile(join(folder, '.pawl'), worldFacts());
    const byFlag = await inFolder(folder, () => chooseWorld({ table: 'pawl' }, NO_ENV));
    expect(byFlag).toMatchObject({
      type: 'refused',
      reason: expect.stringMatching(/^Both the local .*--table/),
    });
    const byEnv = await inFolder(folder, () => chooseWorld({}, { PAWL_TABLE: 'pawl' }));
    expect(byEnv).toMatchObject({ type: 'refused', reason: expect.stringContaining('leave out PAWL_TABLE') });
  });

  it('refuses a folder and a table at once', async () => {
    const choice = await chooseWorld({ folder: await temporaryFolder(), table: 'pawl' }, NO_ENV);
    expect(choice).toMatchObject({ type: 'refused', reason: expect.stringContaining('give one of them') });
  });

  it('refuses a Region without a table', async () => {
    const choice = await chooseWorld({ region: 'eu-west-1' }, NO_ENV);
    expect(choice).toMatchObject({ type: 'refused', reason: expect.stringContaining('give --table too') });
  });

  it('needs no ledger for leases, and takes their table of the flags or the environment', async () => {
    stubCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ACCOUNT_ID: '123456789012' });
    const folder = await temporaryFolder();
    const title = 'leases pawl-leases, eu-west-1, account 123456789012';
    for (const [flags, env] of [
      [{ leases: 'pawl-leases', region: 'eu-west-1' }, NO_ENV],
      [{}, { PAWL_LEASES: 'pawl-leases', AWS_REGION: 'eu-west-1' }],
    ] as const) {
      const choice = await inFolder(folder, () => chooseWorld(flags, env, 'none'));
      expect(choice).toMatchObject({ type: 'world', world: { title, leases: expect.anything() } });
    }
    const withLedger = await chosen({ table: 'pawl', leases: 'pawl-leases', region: 'eu-west-1' });
    expect(withLedger.leases).toBeDefined();
    expect((await chosen({ table: 'pawl', region: 'eu-west-1' })).leases).toBeUndefined();
  });

  it('refuses a table of leases while a local world runs, or beside a folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '.pawl'));
    await writeWorldFile(join(folder, '.pawl'), worldFacts());
    for (const [flags, env, how] of [
      [{ leases: 'pawl-leases' }, NO_ENV, '--leases'],
      [{}, { PAWL_LEASES: 'pawl-leases' }, 'PAWL_LEASES'],
    ] as const) {
      const choice = await inFolder(folder, () => chooseWorld(flags, env, 'none'));
      expect(choice).toMatchObject({ type: 'refused', reason: expect.stringContaining(`leave out ${how}`) });
    }
    expect(await chooseWorld({ folder, leases: 'pawl-leases' }, NO_ENV, 'none')).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining('give one of them'),
    });
  });

  it('says so when there are no credentials', async () => {
    stubCredentials({});
    const choice = await chooseWorld({ table: 'pawl', region: 'eu-west-1' }, NO_ENV);
    expect(choice).toMatchObject({
      type: 'refused',
      reason: expect.stringMatching(/^There are no AWS credentials/),
    });
  });

  it('says so when there is no Region', async () => {
    stubCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    const choice = await chooseWorld({ table: 'pawl' }, NO_ENV);
    expect(choice).toMatchObject({ type: 'refused', reason: expect.stringContaining('--region') });
  });
});
