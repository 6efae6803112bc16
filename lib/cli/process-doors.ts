import { chooseWorld } from '../wiring/choose-world.ts';
import type { Doors, Environment } from './main.ts';
import type { Streams } from './process-terminal.ts';
import { processTerminal } from './process-terminal.ts';

/** What the command line needs of the process that runs it. */
export interface ProcessLike extends Streams {
  readonly env: Environment;
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** The doors of a real process. */
export function processDoors(process: ProcessLike): Doors {
  const interrupted = new AbortController();
  let listens = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read our output has gone, as `head` does when it has enough: there is nobody left to tell.
    if (error.code !== 'EPIPE') throw error;
    interrupted.abort();
  });
  return {
    terminal: processTerminal(process),
    env: process.env,
    chooseWorld,
    interruption: () => {
      if (!listens) {
        listens = true;
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
      }
      return interrupted.signal;
    },
  };
}
