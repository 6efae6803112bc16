import type { BuildOptions } from 'esbuild';
import { BUNDLING } from '../../lib/infrastructure/bundling.ts';

/** What esbuild is asked for when a function is bundled outside of a stack: the same as the stack asks for. */
export function bundleOptions(entry: string, outfile: string): BuildOptions {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: BUNDLING.format,
    target: BUNDLING.target,
    mainFields: [...BUNDLING.mainFields],
    banner: { js: BUNDLING.banner },
    minify: BUNDLING.minify,
    logLevel: 'error',
  };
}
