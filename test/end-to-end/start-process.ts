import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { COMPILED } from '../support/own-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/pawl.mjs', import.meta.url));
const PATIENCE_MS = 30_000;

export interface PawlProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves once the text is on standard output. @throws when the process ends before, or it takes too long. */
  prints(text: string | RegExp): Promise<void>;
  /** Resolves when it has ended and all its output was read. */
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** `pawl …` as a child process without a terminal, killed with the test if it has not ended. */
export function pawl(...args: readonly string[]): PawlProcess {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|PAWL)_/.test(name)));
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    env: { ...own, NODE_COMPILE_CACHE: COMPILED },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += String(data);
  });
  child.stderr.on('data', (data) => {
    err += String(data);
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    prints: async (text) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const isThere = () => (typeof text === 'string' ? out.includes(text) : text.test(out));
      while (!isThere()) {
        if (child.exitCode !== null || signal.aborted)
          throw new Error(`"${text}" was not printed:\n${out}\n${err}`);
        await Promise.race([once(child.stdout, 'data', { signal }), closed]).catch(() => undefined);
      }
    },
    ended: async () => {
      await closed;
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
}

/** `pawl start` on the folder, at any free ports, with name servers and loops that let no test wait. */
export function pawlStart(folder: string, fleet: string, ...more: readonly string[]): PawlProcess {
  const ports = ['--dns-port', '0', '--route53-port', '0'];
  const quick = ['--insync-ms', '50', '--poll-ms', '50', '--sweep-ms', '500'];
  return pawl('start', fleet, '--folder', `${folder}/.pawl`, ...ports, ...quick, ...more);
}
