import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 600_000;

export interface PythonPackages {
  /** The folder of the virtual environment. */
  readonly home: string;
  /** A file of pinned packages with everything that they need, so that pip resolves nothing. */
  readonly requirements: string;
  /** The oldest Python 3 that they run on: 12 for 3.12. */
  readonly minorVersion: number;
}

/** The python of a virtual environment with these packages; made unless it is there already. */
export async function pythonEnvironment({
  home,
  requirements,
  minorVersion,
}: PythonPackages): Promise<string> {
  const python = join(home, 'bin', 'python');
  const stamp = join(home, 'pawl-requirements.txt');
  const wanted = await readFile(requirements, 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return python;
  const options = { timeout: INSTALL_TIMEOUT_MS };
  await rm(home, { recursive: true, force: true });
  await run(await interpreter(minorVersion), ['-m', 'venv', home], options);
  const quietly = ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile'];
  await run(python, ['-m', 'pip', ...quietly, '--requirement', requirements], options);
  await writeFile(stamp, wanted);
  return python;
}

/** The oldest Python that will do: first what the PATH calls python3, then what goes by its version, then pyenv's. */
async function interpreter(minorVersion: number): Promise<string> {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const others = (await readdir(versions).catch(() => [])).sort();
  const candidates = [
    'python3',
    ...[12, 13, 14].map((minor) => `python3.${minor}`),
    ...others.map((version) => join(versions, version, 'bin', 'python3')),
  ];
  const check = `import sys; sys.exit(sys.version_info < (3, ${minorVersion}))`;
  for (const candidate of candidates) {
    const suits = await run(candidate, ['-c', check]).then(
      () => true,
      () => false,
    );
    if (suits) return candidate;
  }
  throw new Error(`There is no Python 3.${minorVersion} or newer here: install one, such as python3.13.`);
}
