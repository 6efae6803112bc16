import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FunctionName } from '../../lib/infrastructure/function-code.ts';
import { bundleOptions } from '../../scripts/package/bundle-options.ts';

/** Bundles a function into that file, as the stack does. Returns its size in octets. */
export async function bundleFunction(name: FunctionName, outfile: string): Promise<number> {
  await build(bundleOptions(fileURLToPath(new URL(`../../functions/${name}.ts`, import.meta.url)), outfile));
  return (await stat(outfile)).size;
}
