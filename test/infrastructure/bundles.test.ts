import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUNDLING } from '../../lib/infrastructure/bundling.ts';
import { functionEnvironment } from '../functions/function-environment.ts';

const MEGABYTE = 1_000_000;
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-bundles-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['planner', 'enactor', 'janitor', 'auditor', 'herald'])(
  'the bundle of the %s is under 1.5 MB, and a bare Node process imports it',
  async (name) => {
    const outfile = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [fileURLToPath(new URL(`../../functions/${name}.ts`, import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: BUNDLING.format,
      target: BUNDLING.target,
      mainFields: [...BUNDLING.mainFields],
      banner: { js: BUNDLING.banner },
      minify: BUNDLING.minify,
      logLevel: 'error',
    });
    expect((await stat(outfile)).size).toBeLessThan(1.5 * MEGABYTE);
    const script = `import(${JSON.stringify(outfile)}).then(({ handler }) => process.stdout.write(typeof handler))`;
    const { stdout, stderr } = await run(process.execPath, ['-e', script], {
      cwd: folder,
      env: functionEnvironment,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
  },
);
