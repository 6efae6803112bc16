import { createInterface } from 'node:readline/promises';
import { chooseWorld } from '../wiring/choose-world.ts';
import type { Terminal } from './command/terminal.ts';
import { Interrupted } from './command/terminal.ts';
import type { Doors, ProcessEnvironment } from './main.ts';

/** The part of a process that the command line needs. */
export interface ProcessLike extends Streams {
  readonly env: ProcessEnvironment;
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

const WIDTH = 80;
const WIDTH_MIN = 20;

/** The doors of a real process. */
export function processDoors(process: ProcessLike): Doors {
  const interrupted = new AbortController();
  let listens = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of the output has closed its pipe, as `head` does, so there is no reason to go on.
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

/** The part of a process's streams that a terminal needs. */
interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The terminal, or the pipes, that this process was started with. */
function processTerminal({ stdin, stdout, stderr }: Streams): Terminal {
  return {
    write: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(text),
    isTty: stdout.isTTY === true,
    showsProgress: stderr.isTTY === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    width: Math.max(WIDTH_MIN, stdout.columns ?? WIDTH),
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
      const cancelled = new AbortController();
      lines.once('close', () => cancelled.abort());
      lines.once('SIGINT', () => cancelled.abort());
      try {
        return await lines.question(question, { signal: cancelled.signal });
      } catch (error) {
        if (cancelled.signal.aborted)
          throw new Interrupted('The question was not answered.', { cause: error });
        throw error;
      } finally {
        lines.close();
      }
    },
  };
}
