import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../../../lib/infrastructure/function-code.ts';
import { functionEnvironment } from '../../functions/function-environment.ts';
import { bundleFunction } from '../../support/bundled-function.ts';
import { report } from '../report.ts';

/** How long the bundle of each function takes to import in a bare Node process: most of a cold start that is ours. */
const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-'));
const figures: Record<string, number> = {};
for (const name of FUNCTION_NAMES) {
  const outfile = join(folder, `${name}.mjs`);
  figures[`${name}_bytes`] = await bundleFunction(name, outfile);
  const script = `const began = performance.now();
    await import(${JSON.stringify(outfile)});
    process.stdout.write(String(performance.now() - began));`;
  const args = ['--input-type=module', '-e', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: functionEnvironment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} was not imported: ${stderr}`);
  figures[`${name}_import_s`] = Number(stdout) / 1_000;
}
rmSync(folder, { recursive: true });
report('functions', figures);
