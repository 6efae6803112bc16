import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_PATHS } from '../../lib/page/page-files.ts';
import { API_ENTRIES, apiReportFile, apiReports } from '../../scripts/package/api-report.ts';
import type { InstalledPackage } from '../support/installed-package.ts';
import { installPackage, ownManifest } from '../support/installed-package.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

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
      ['auditor', 'bake', 'enactor', 'herald', 'janitor', 'planner', 'trail', 'webhook'].map(
        (name) => `dist/functions/${name}/index.mjs`,
      ),
    );
  });
});

describe('the command line of an installed package', { timeout: PACKING_MS }, () => {
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

  it('serves the page with everything that it is made of, until Ctrl-C', async () => {
    await installed.write('page.mjs', PAGE);
    const { stdout } = await installed.node('page.mjs');
    const { paths, world, code } = JSON.parse(stdout);
    expect(paths).toEqual(PAGE_PATHS.map((path) => [path, 200]));
    expect(world).toMatchObject({ world: { kind: 'local' } });
    expect(code).toBe(0);
  });

  it('replays the outage, and plays simulated runs in threads', async () => {
    const page = join(installed.folder, 'outage.html');
    const { stdout } = await installed.pawl('replay', 'outage', '--out', page);
    expect(stdout).toContain(page);
    const simulated = await installed.pawl('simulate', '--seconds', '1', '--scenario', 'first-plan');
    expect(simulated.stdout).toContain('No rule was broken.');
  });
});

/** Starts a world of the installed package, and asks its page for every file. */
const PAGE = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
const ports = ['--dns-port', '0', '--route53-port', '0', '--page-port', '0', '--folder', '.pawl-page'];
const world = spawn(process.execPath, ['node_modules/pawl/bin/pawl.mjs', 'start', ...ports], { stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
world.stdout.on('data', (text) => { said += text; });
while (!/Page: .*\\n/.test(said)) await once(world.stdout, 'data');
const url = /Page: (\\S+)/.exec(said)[1];
const paths = [];
for (const path of ${JSON.stringify(PAGE_PATHS)}) paths.push([path, (await fetch(new URL(path, url))).status]);
const about = await (await fetch(new URL('/api/world', url))).json();
world.kill('SIGINT');
const [code] = await once(world, 'exit');
console.log(JSON.stringify({ paths, world: about, code }));
`;

/** What each export has, as a program imports it. */
const JAVASCRIPT = `
import { openPawl, parseFleet, readFleetFile } from 'pawl';
import { Pawl, PawlStack, parseDeployment } from 'pawl/constructs';
import { startEmulator, WEAKNESSES } from 'pawl/emulator';
const emulator = await startEmulator();
emulator.core.createHostedZone({ name: 'example.test', callerReference: '1' });
const answered = await fetch(emulator.url + '/2013-04-01/hostedzone');
const refusal = /MissingAuthenticationToken/.exec(await answered.text())?.[0];
const zones = emulator.core.zones().map(({ name }) => name);
await emulator.close();
const fleet = await readFleetFile('node_modules/pawl/dist/examples/fleet.yaml');
const nowhere = await openPawl({ folder: 'no-such-world' }).catch(({ name }) => name);
console.log(JSON.stringify({
  refusal, zones, nowhere, fleet: fleet.type, invalid: parseFleet('cells: 1', 'a').type,
  kinds: [typeof Pawl, typeof PawlStack, typeof parseDeployment, WEAKNESSES.length > 10],
}));
`;

/** An error is expected in each line that has one: a type that is unknown would hide it. */
const TYPESCRIPT = `
import type { Head, OpenPawl, Outcome, Preview } from 'pawl';
import { parseFleet } from 'pawl';
import type { PawlProps } from 'pawl/constructs';
import { PawlStack } from 'pawl/constructs';
import type { Route53Settings } from 'pawl/emulator';
import { createRoute53, PROMPT_ROUTE53 } from 'pawl/emulator';
const parsed = parseFleet('cells: {}', 'fleet.yaml');
export const count: number = parsed.type === 'fleet' ? parsed.fleet.cells.length : parsed.mistakes.length;
export async function previewed(pawl: OpenPawl): Promise<Outcome<Preview> | Head> {
  if (parsed.type === 'fleet') return pawl.preview(parsed.fleet);
  return pawl.head('use1-a');
}
export const settings: Route53Settings = { ...PROMPT_ROUTE53, recordLimit: 10 };
export const core = createRoute53(settings, { now: () => 0, id: (prefix) => prefix });
export const stack = (props: PawlProps) => [PawlStack, props.cells['use1-a']?.zone.hostedZoneId.length] as const;
// @ts-expect-error a number is no name of a cell
export const wrongHead = (pawl: OpenPawl) => pawl.head(1);
// @ts-expect-error there is no such setting
export const wrongSetting: Route53Settings = { ...PROMPT_ROUTE53, recordLimits: 10 };
// @ts-expect-error cells are missing
export const wrongProps: PawlProps = { enactors: 2 };
`;

/** An app of ten lines, with a zone, and Pawl in a stack of its own. */
const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Pawl } from 'pawl/constructs';
const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'dns');
const zone = new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
const cells = { 'use1-a': { zone, names: ['api.example.com'] } };
new Pawl(stack, 'Pawl', { cells });
app.synth();
`;

// Each waits for processes of its own.
describe.concurrent('the exports of an installed package', { timeout: PACKING_MS }, () => {
  it('are imported from JavaScript', async () => {
    await installed.write('uses.mjs', JAVASCRIPT);
    const { stdout } = await installed.node('uses.mjs');
    expect(JSON.parse(stdout)).toEqual({
      refusal: 'MissingAuthenticationToken',
      zones: ['example.test'],
      nowhere: 'PlaceRefused',
      fleet: 'fleet',
      invalid: 'invalid',
      kinds: ['function', 'function', 'function', true],
    });
  });

  it.each([
    ['bundler', 'esnext'],
    ['node16', 'node16'],
  ])('are imported from TypeScript with moduleResolution %s', async (moduleResolution, module) => {
    const project = `${moduleResolution}.json`;
    await installed.write('uses.mts', TYPESCRIPT);
    const compilerOptions = {
      ...{ target: 'es2022', module, moduleResolution, types: ['node'] },
      ...{ strict: true, noEmit: true, skipLibCheck: true },
    };
    await installed.write(project, JSON.stringify({ compilerOptions, files: ['uses.mts'] }));
    const compiled = await installed
      .node('node_modules/typescript/lib/tsc.js', '--project', project)
      .catch((error: { stdout: string }) => error);
    expect(compiled.stdout).toBe('');
  });

  it('make the functions of an app of ten lines from the bundles, without esbuild and the sources', async () => {
    await installed.write('app.mjs', APP);
    await installed.node('app.mjs');
    const assets = await readdir(join(installed.folder, 'cdk.out'), { recursive: true });
    const bundles = assets.filter((path) => path.endsWith('index.mjs'));
    expect(bundles).toHaveLength(6);
    const template = JSON.parse(await readFile(join(installed.folder, 'cdk.out/dns.template.json'), 'utf8'));
    const resources: readonly { readonly Type: string }[] = Object.values(template.Resources);
    expect(resources.filter(({ Type }) => Type === 'AWS::Lambda::Function')).toHaveLength(8);
    await expect(readdir(join(installed.folder, 'node_modules/esbuild'))).rejects.toThrow('ENOENT');
  });
});

describe('the API of the package', { timeout: PACKING_MS }, () => {
  let reports: Awaited<ReturnType<typeof apiReports>>;

  beforeAll(async () => {
    reports = await apiReports(ROOT);
  }, PACKING_MS);

  // After a change that is meant: npm run generate:api.
  it.each(API_ENTRIES)('is what its report says, so that a break is seen: %s', async (entry) => {
    expect(reports.get(entry)).toBe(await readFile(join(ROOT, apiReportFile(entry)), 'utf8'));
  });
});
