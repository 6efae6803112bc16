import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installedRegistry } from './installed-registry.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** What a user's project has beside Pawl: the CDK, and what compiles TypeScript. */
const BESIDE = ['aws-cdk-lib', 'constructs', 'typescript', '@types/node'];

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of somebody who installed Pawl from its archive. */
export interface InstalledPackage {
  readonly folder: string;
  /** The paths in the archive. */
  readonly packed: readonly string[];
  /** Runs this Node in the project, without the clone's and npm's environment. @throws when it ends with another code than 0. */
  node(...args: readonly string[]): Promise<Ran>;
  /** `npx pawl …` without npx: the command that npm linked. */
  pawl(...args: readonly string[]): Promise<Ran>;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Packs the clone, which builds it, and installs the archive into an empty folder. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-installed-'));
  const registry = await installedRegistry();
  const npm = (cwd: string, ...args: readonly string[]) =>
    run('npm', [...args, '--loglevel=error'], { cwd, env: ownEnvironment(), maxBuffer: 2 ** 26 });
  try {
    const { stdout } = await npm(root, 'pack', '--json', '--pack-destination', folder);
    const [archive] = archivesIn(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
    if (archive === undefined) throw new Error(`npm packed nothing: ${stdout}`);
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const quiet = ['--no-audit', '--no-fund', '--cache', join(folder, '.npm')];
    await npm(folder, 'install', `./${archive.filename}`, '--registry', registry.url, ...quiet);
    await Promise.all(BESIDE.map((name) => linked(name, folder)));
    const node = (...args: readonly string[]) =>
      run(process.execPath, args, { cwd: folder, env: ownEnvironment() });
    return {
      folder,
      packed: archive.files.map(({ path }) => path),
      node,
      pawl: (...args) => node(join(folder, 'node_modules/.bin/pawl'), ...args),
      write: (file, text) => writeFile(join(folder, file), text),
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  } finally {
    await registry.close();
  }
}

interface Archive {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** npm says a list, and newer ones an object by package. */
function archivesIn(said: readonly Archive[] | Readonly<Record<string, Archive>>): readonly Archive[] {
  return Object.values(said);
}

async function linked(name: string, folder: string): Promise<void> {
  const at = join(folder, 'node_modules', name);
  await mkdir(dirname(at), { recursive: true });
  await rm(at, { recursive: true, force: true });
  await symlink(join(root, 'node_modules', name), at);
}

/** Without what npm and vitest tell their children, and without what would lead to a real account. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|AWS_|PAWL_|VITEST|NODE_OPTIONS$|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** The manifest of the clone. */
export async function ownManifest(): Promise<{ readonly version: string }> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
}
