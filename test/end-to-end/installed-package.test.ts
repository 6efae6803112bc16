import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstalledPackage } from '../support/installed-package.ts';
import { installPackage, ownManifest } from '../support/installed-package.ts';

let installed: InstalledPackage;

/** Compiling, bundling, packing and installing, on a machine that others use too. */
const PACKING_MS = 240_000;

beforeAll(async () => {
  installed = await installPackage();
}, PACKING_MS);

afterAll(() => installed.remove());

describe('the package', () => {
  it('holds what was built, and no sources, tests or documents', () => {
    const { packed } = installed;
    expect(packed).toEqual(
      expect.arrayContaining(['bin/pawl.mjs', 'dist/bin/pawl.js', 'LICENSE', 'README.md']),
    );
    expect(packed.filter((path) => /(?<![.]d)[.]ts$/.test(path))).toEqual([]);
    const folders = new Set(
      packed.filter((path) => path.includes('/')).map((path) => path.split('/', 2).join('/')),
    );
    expect([...folders].sort()).toEqual([
      'bin/pawl.mjs',
      'dist/bin',
      'dist/examples',
      'dist/functions',
      'dist/lib',
      'dist/package.json',
    ]);
  });

  it('holds every function as its bundle', () => {
    const functions = installed.packed.filter((path) => path.startsWith('dist/functions/'));
    expect(functions.sort()).toEqual(
      ['auditor', 'bake', 'enactor', 'herald', 'janitor', 'planner'].map(
        (name) => `dist/functions/${name}/index.mjs`,
      ),
    );
  });
});

describe('the command line of an installed package', () => {
  it('says its version', async () => {
    const { version } = await ownManifest();
    expect(await installed.pawl('--version')).toEqual({ stdout: `${version}\n`, stderr: '' });
  });

  it('checks a fleet file', async () => {
    const { stdout } = await installed.pawl('fleet', 'check', 'node_modules/pawl/dist/examples/fleet.yaml');
    expect(stdout).toContain('No mistakes in 3 cells.');
  });

  it('runs the whole loop on the example until it has converged', async () => {
    const quick = ['--insync-ms', '50', '--poll-ms', '50', '--sweep-ms', '500'];
    const { stdout } = await installed.pawl(
      ...['start', '--until-converged', '--folder', join(installed.folder, '.pawl')],
      ...['--dns-port', '0', '--route53-port', '0', ...quick],
    );
    expect(stdout.match(/ converged /g)).toHaveLength(3);
  });

  it('replays the outage, and plays simulated runs in threads', async () => {
    const page = join(installed.folder, 'outage.html');
    const { stdout } = await installed.pawl('replay', 'outage', '--out', page);
    expect(stdout).toContain(page);
    const simulated = await installed.pawl('simulate', '--seconds', '1', '--scenario', 'first-plan');
    expect(simulated.stdout).toContain('No rule was broken.');
  });
});
