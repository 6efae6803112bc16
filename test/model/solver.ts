import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Z3's answer: there is a state in which all that was asserted holds, there is none, or it does not know. */
export type Answer = 'sat' | 'unsat' | 'unknown';

/** What a process says of one question. */
export type SolverSaid = { readonly answer: Answer } | { readonly words: string };

/** Asks Z3. Every question begins anew. */
export interface Solver {
  /** So many questions are answered at once. */
  readonly processes: number;
  /**
   * @param text what is asserted, in SMT-LIB.
   * @throws Error with Z3's words where the text is not what Z3 reads.
   */
  readonly ask: (text: string) => Promise<Answer>;
  /** Ends Z3's processes, which would keep this one from ending. */
  readonly end: () => void;
}

interface Question {
  readonly text: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const PROCESS = new URL('./solver-process.ts', import.meta.url);

/**
 * Z3 in processes of its own: it answers one question at a time in each. See
 * docs/adr/0082-the-protocol-is-proven-for-any-number.md.
 */
export function startSolver(processes: number = availableParallelism()): Solver {
  const all = Array.from({ length: processes }, () => fork(PROCESS, { execArgv: [] }));
  const idle = [...all];
  const waiting: Question[] = [];
  const askNext = (): void => {
    const [question, child] = [waiting[0], idle[0]];
    if (question === undefined || child === undefined) return;
    waiting.shift();
    idle.shift();
    askOf(child, question, () => {
      idle.push(child);
      askNext();
    });
  };
  return {
    processes,
    ask: (text) =>
      new Promise((resolve, reject) => {
        waiting.push({ text, resolve, reject });
        askNext();
      }),
    end: () => {
      for (const child of all) child.kill();
    },
  };
}

/** @param done called once the process can be asked again. */
function askOf(child: ChildProcess, { text, resolve, reject }: Question, done: () => void): void {
  const ended = (): void => reject(new Error('Z3 has ended without an answer'));
  child.once('exit', ended);
  child.once('message', (message) => {
    const said = message as SolverSaid;
    child.off('exit', ended);
    if ('answer' in said) resolve(said.answer);
    else reject(new Error(said.words));
    done();
  });
  child.send(text);
}
