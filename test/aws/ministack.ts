import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from './python-environment.ts';
import { freePort, startServer } from './server-process.ts';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const HOME = fileURLToPath(new URL('../../.cache/ministack', import.meta.url));

/** An emulator of AWS that the suite has started. */
export interface RunningEmulator {
  readonly url: string;
  end(): Promise<void>;
}

/** Installs the pinned MiniStack under .cache/ unless it is there, and starts it on a free port of the loopback. */
export async function startMinistack(): Promise<RunningEmulator> {
  const python = await pythonEnvironment({ home: HOME, requirements: REQUIREMENTS, minorVersion: 10 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Not below this folder: Node would take the scripts that MiniStack runs functions with for modules, as the
  // package.json here says.
  const data = await mkdtemp(join(tmpdir(), 'pawl-ministack-'));
  // MiniStack writes a Date header of its own; with uvicorn's beside it the SDK reads a date that is none.
  const args = ['-m', 'uvicorn', 'ministack.app:app', '--host', '127.0.0.1', '--port', String(port)];
  // The workers that run the functions end with the process that made them.
  const end = await startServer({
    name: 'MiniStack',
    file: python,
    args: [...args, '--log-level', 'warning', '--no-date-header'],
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
    logFile: join(HOME, 'ministack.log'),
    probe: `${url}/_ministack/health`,
  });
  return {
    url,
    end: async () => {
      await end();
      await rm(data, { recursive: true, force: true });
    },
  };
}
