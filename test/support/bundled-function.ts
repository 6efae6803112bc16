import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLING } from '../../lib/infrastructure/bundling.ts';
import { ROLES } from '../../lib/roles.ts';

export const FUNCTION_NAMES = [...ROLES.map(({ name }) => name), 'herald', 'bake'] as const;

/** Bundles a function into that file, as the stack does. Returns its size in octets. */
export async function bundleFunction(
  name: (typeof FUNCTION_NAMES)[number],
  outfile: string,
): Promise<number> {
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
  return (await stat(outfile)).size;
}
