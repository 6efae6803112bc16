import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface CommandRun {
  /** 0 when all is well. A command that a signal ended has 1. */
  readonly exitCode: number;
  readonly seconds: number;
  /** Processor time, system calls included, of the command and of every process it waited for. */
  readonly cpuSeconds: number;
  /** All that it wrote, both streams in their order. */
  readonly log: string;
}

export interface CommandSettings {
  /** The file that holds the command's output while it runs. */
  readonly logFile: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Node does not measure the processor time of a child's children; bash does, and writes it to descriptor 3. */
const TIMED = ['-c', 'TIMEFORMAT="%U %S"; { time "$@" 2>&4 3>&- 4>&-; } 4>&2 2>&3', 'timed'];

const children = new Set<ChildProcess>();

/** Runs a command to its end. It never throws for a command that fails. */
export async function performCommand(
  command: readonly string[],
  { logFile, env = {} }: CommandSettings,
): Promise<CommandRun> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  const began = performance.now();
  // A process group of its own, so that everything the command has started can be ended with it.
  const child = spawn('bash', [...TIMED, ...command], {
    stdio: ['ignore', log, log, 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  });
  children.add(child);
  let times = '';
  child.stdio[3]?.on('data', (part: Buffer) => {
    times += part.toString();
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  children.delete(child);
  closeSync(log);
  const cpuSeconds = times.split(/\s+/).reduce((sum, part) => sum + (Number(part) || 0), 0);
  return {
    exitCode,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds,
    log: readFileSync(logFile, 'utf8'),
  };
}

/** Ends every command that is running, and all that it started. */
export function endCommands(): void {
  for (const { pid } of children) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGTERM');
    } catch {
      // It has just ended by itself.
    }
  }
}
