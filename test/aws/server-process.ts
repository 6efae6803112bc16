import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const READY_POLLS_MAX = 240;
const READY_POLL_MS = 500;
const END_MS = 10_000;

/** A server that is a program of its own. */
export interface ServerProgram {
  /** For people. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it prints goes there. */
  readonly logFile: string;
  /** It is ready when this has an answer, and an OK one unless `anyAnswer`. */
  readonly probe: string;
  readonly anyAnswer?: boolean;
}

/** Starts it, and answers when it is ready. @throws Error naming its log when it does not become so. */
export async function startServer(program: ServerProgram): Promise<() => Promise<void>> {
  const { name, file, args, cwd, env, logFile } = program;
  const child = spawn(file, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  // A test run that dies leaves no server behind.
  const last = () => child.kill('SIGKILL');
  process.once('exit', last);
  const end = async () => {
    await ended(child);
    process.off('exit', last);
  };
  for (let poll = 0; poll < READY_POLLS_MAX; poll += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(program.probe).catch(() => undefined);
    if (answer !== undefined && (answer.ok || program.anyAnswer === true)) return end;
    await delay(READY_POLL_MS);
  }
  await end();
  throw new Error(`${name} did not start: see ${logFile}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = delay(END_MS, 'late' as const, { ref: false });
  if ((await Promise.race([exit, late])) === 'late') child.kill('SIGKILL');
  await exit;
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
