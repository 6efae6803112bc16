import { fork } from 'node:child_process';
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Compiled files, for the next process: half of what most of them do is to read the same sources. NODE_COMPILE_CACHE. */
export const COMPILED = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

/** What the process says to whoever began it. */
type Said = { readonly type: 'ready' } | { readonly type: 'answer'; readonly result: unknown };

/**
 * Runs a file in a process of its own, and returns its one answer after the process has ended. Not in a thread: V8 loses
 * count of the code of threads that begin and end by the dozen, and ends the process that they are in ("Check failed:
 * jit_page.has_value()" and "jit_page_->allocations_.erase(addr) == 1", Node 24).
 *
 * @param work what the file gets from {@link givenWork}: whatever a structured clone holds.
 */
export function ownProcess<Result>(file: URL, work: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(file, {
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    });
    let answered: { readonly result: Result } | undefined;
    child.once('error', reject);
    child.on('message', (message) => {
      const said = message as Said;
      if (said.type === 'ready') {
        child.send({ work });
        return;
      }
      answered = { result: said.result as Result };
      // A client or a server that nobody waits for would keep it.
      child.kill('SIGKILL');
    });
    child.once('exit', (code, signal) => {
      if (answered !== undefined) resolve(answered.result);
      else reject(new Error(`${file.pathname} ended without an answer (${signal ?? code}).`));
    });
  });
}

/** In the file: what it was given. Asked once. */
export async function givenWork<Work>(): Promise<Work> {
  const given = once(process, 'message');
  say({ type: 'ready' });
  const [{ work }] = await given;
  return work as Work;
}

/** In the file: its answer, which ends the process. */
export function answer(result: unknown): void {
  // The process is killed before it would write by itself what it has compiled.
  flushCompileCache();
  say({ type: 'answer', result });
}

function say(said: Said): void {
  process.send?.(said);
}
