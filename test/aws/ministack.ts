import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const HOME = join(ROOT, '.cache', 'ministack');
const READY_POLLS_MAX = 120;
const READY_POLL_MS = 500;
const INSTALL_TIMEOUT_MS = 300_000;

export interface RunningMinistack {
  readonly url: string;
  end(): Promise<void>;
}

/** Installs the pinned MiniStack under .cache/ unless it is there, and starts it on a free port of the loopback. */
export async function startMinistack(): Promise<RunningMinistack> {
  const python = await installed();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Not below this folder: Node would take the scripts that MiniStack runs functions with for modules, as the
  // package.json here says.
  const data = await mkdtemp(join(tmpdir(), 'pawl-ministack-'));
  const logFile = join(HOME, 'ministack.log');
  // MiniStack writes a Date header of its own; with uvicorn's beside it the SDK reads a date that is none.
  const args = ['-m', 'uvicorn', 'ministack.app:app', '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(python, [...args, '--log-level', 'warning', '--no-date-header'], {
    cwd: data,
    env: {
      // The functions run on the `node` that comes first here.
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: data,
      TMPDIR: data,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: 'localhost',
      IOT_MTLS_ENABLED: '0',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await ready(child, url, logFile);
  return {
    url,
    end: async () => {
      await end(child);
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function installed(): Promise<string> {
  const python = join(HOME, 'bin', 'python');
  const stamp = join(HOME, 'pawl-requirements.txt');
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const found = await readFile(stamp, 'utf8').catch(() => '');
  if (found === wanted) return python;
  const options = { timeout: INSTALL_TIMEOUT_MS };
  await run('python3', ['-m', 'venv', HOME], options);
  const quietly = ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
  await run(python, ['-m', 'pip', ...quietly], options);
  await writeFile(stamp, wanted);
  return python;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function ready(child: ChildProcess, url: string, logFile: string): Promise<void> {
  for (let poll = 0; poll < READY_POLLS_MAX; poll += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (answer?.ok === true) return;
    await delay(READY_POLL_MS);
  }
  await end(child);
  throw new Error(`MiniStack did not start: see ${logFile}`);
}

/** The workers that run the functions end with the process that made them. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = delay(10_000, 'late' as const);
  if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL');
  await ended;
}
