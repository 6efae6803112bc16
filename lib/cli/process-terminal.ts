import { createInterface } from 'node:readline/promises';
import type { Terminal } from './command/terminal.ts';
import { Interrupted } from './command/terminal.ts';

const WIDTH = 80;
const WIDTH_MIN = 20;

/** The streams of a process, as far as a terminal needs them. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The terminal, or the pipes, that this process was started with. */
export function processTerminal({ stdin, stdout, stderr }: Streams): Terminal {
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
