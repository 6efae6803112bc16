import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { SimulationTask } from '../../lib/simulator/task.ts';
import type { Replacement } from './mutant.ts';

/** Runs the simulator on a library in which a text or two are replaced as they are loaded; nothing is written to disk. */
export interface MutantWork {
  readonly replacements: readonly Replacement[];
  readonly task: SimulationTask;
}

/** `stale`: a text to replace does not stand in the library exactly once. */
export type MutantResult =
  | { readonly type: 'stale'; readonly message: string }
  | { readonly type: 'killed'; readonly message: string; readonly decisions: number }
  | { readonly type: 'survived'; readonly decisions: number };

const { replacements, task } = workerData as MutantWork;
const pending = new Set(replacements);
const stale: string[] = [];

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    const mine = replacements.filter(({ file }) => url.endsWith(`/lib/${file}`));
    if (mine.length === 0) return loaded;
    let source = String(loaded.source);
    for (const replacement of mine) {
      const parts = source.split(replacement.find);
      if (parts.length !== 2)
        stale.push(`${replacement.file} holds this ${parts.length - 1} times: ${replacement.find}`);
      source = parts.join(replacement.put);
      pending.delete(replacement);
    }
    return { ...loaded, source };
  },
});

const { performTask } = await import('../../lib/simulator/task.ts');
for (const { file } of pending) stale.push(`${file} is not loaded by a simulation`);

async function simulated(): Promise<MutantResult> {
  const [message] = stale;
  if (message !== undefined) return { type: 'stale', message };
  try {
    const { failure, decisions } = await performTask(task, Date.now, () => undefined);
    return failure === undefined
      ? { type: 'survived', decisions }
      : { type: 'killed', message: failure.message, decisions };
  } catch (error) {
    // So broken that not even the world before the first run can be made.
    return { type: 'killed', message: String(error), decisions: 0 };
  }
}

parentPort?.postMessage(await simulated());
