import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/say-node.mjs', import.meta.url));
let clone: string;

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'pawl-clone-'));
  await mkdir(join(clone, 'scripts'));
  await copyFile(script, join(clone, 'scripts/say-node.mjs'));
});

afterEach(() => rm(clone, { recursive: true, force: true }));

/** What is said when npm runs on that Node. */
async function said(version: string): Promise<string> {
  const env = {
    ...process.env,
    npm_config_user_agent: `npm/11.0.0 node/v${version} linux x64 workspaces/false`,
  };
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(clone, 'scripts/say-node.mjs')],
    {
      env,
    },
  );
  expect(stdout).toBe('');
  return stderr;
}

describe('after an installation', () => {
  it.each(['22.18.0', '23.6.0', '24.21.0'])('nothing is said to who runs npm on Node %s', async (version) => {
    expect(await said(version)).toBe('');
  });

  it.each(['20.20.2', '22.17.1', '23.5.0'])(
    'one sentence says to who runs npm on Node %s what came along',
    async (version) => {
      await mkdir(join(clone, 'node_modules/node/bin'), { recursive: true });
      await writeFile(join(clone, 'node_modules/node/package.json'), '{ "version": "24.21.0" }');
      await writeFile(join(clone, 'node_modules/node/bin/node'), '');
      expect(await said(version)).toMatch(/^[^\n]+Node 24\.21\.0, which came along\.\n$/);
    },
  );

  it('one sentence says what to install where nothing came along', async () => {
    expect(await said('20.20.2')).toMatch(/^[^\n]+install Node 24\.\n$/);
  });
});
