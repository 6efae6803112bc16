import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infrastructure/function-code.ts';
import { functionEnvironment } from '../functions/function-environment.ts';
import { bundleFunction } from '../support/bundled-function.ts';

const MEGABYTE = 1_000_000;
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-bundles-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(FUNCTION_NAMES)(
  'the bundle of the %s is under 1.5 MB, and a bare Node process imports it',
  async (name) => {
    const outfile = join(folder, `${name}.mjs`);
    expect(await bundleFunction(name, outfile)).toBeLessThan(1.5 * MEGABYTE);
    const script = `import(${JSON.stringify(outfile)}).then(({ handler }) => process.stdout.write(typeof handler))`;
    const { stdout, stderr } = await run(process.execPath, ['-e', script], {
      cwd: folder,
      env: functionEnvironment,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
  },
);
