import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { FUNCTION_NAMES } from '../../lib/infrastructure/function-code.ts';
import { bundleOptions } from './bundle-options.ts';

const run = promisify(execFile);
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js');

/** Read beside the code that needs them, and nothing that the compiler sees. */
const ASSETS = /\.(css|html|js|svg)$/;
const ASSET_FOLDERS = ['lib/cli/replay', 'lib/page/client'];
/** An import of a file of this package in a declaration. The compiler rewrites its ending in code alone. */
const DECLARED_IMPORT = /((?:from |import\()'\.{1,2}\/[^']+)\.ts'/g;

/**
 * Writes everything that the package has beside its launcher to `dist/`: what the entries of tsconfig.package.json
 * reach, as JavaScript with declarations, each function as the bundle that it is deployed as, and the examples.
 *
 * Types are not checked, because "npm run types" does that for the whole tree, and packing calls it before it publishes.
 *
 * @param root the clone.
 * @throws Error when the compiler or the bundler finds something wrong.
 */
export async function buildPackage(root: string): Promise<void> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  await Promise.all([compiled(root, dist), bundled(root, dist), copied(root, dist)]);
}

async function compiled(root: string, dist: string): Promise<void> {
  await run(process.execPath, [compiler, '--project', join(root, 'tsconfig.package.json'), '--noCheck'], {
    cwd: root,
  });
  const files = await readdir(dist, { recursive: true });
  await Promise.all(
    files
      .filter((file) => file.endsWith('.d.ts'))
      .map(async (file) => {
        const path = join(dist, file);
        const text = await readFile(path, 'utf8');
        await writeFile(path, text.replaceAll(DECLARED_IMPORT, "$1.js'"));
      }),
  );
  // The compiler copies the manifest, whose version the command line prints, and whose repository the texts of alarms lead to. What npm reads of it stands in the one beside dist.
  const { name, version, type, repository }: Readonly<Record<string, unknown>> = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  await writeFile(
    join(dist, 'package.json'),
    `${JSON.stringify({ name, version, type, repository }, null, 2)}\n`,
  );
}

async function bundled(root: string, dist: string): Promise<void> {
  await Promise.all(
    FUNCTION_NAMES.map((name) =>
      build(bundleOptions(join(root, 'functions', `${name}.ts`), join(dist, 'functions', name, 'index.mjs'))),
    ),
  );
}

async function copied(root: string, dist: string): Promise<void> {
  const assets = await Promise.all(ASSET_FOLDERS.map((folder) => assetsIn(root, folder)));
  await Promise.all([
    ...assets.flat().map((file) => cp(join(root, file), join(dist, file))),
    cp(join(root, 'examples'), join(dist, 'examples'), { recursive: true }),
  ]);
}

async function assetsIn(root: string, folder: string): Promise<readonly string[]> {
  const files = await readdir(join(root, folder));
  return files.filter((file) => ASSETS.test(file)).map((file) => join(folder, file));
}
