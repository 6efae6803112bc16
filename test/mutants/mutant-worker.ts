import type { ReplayLine } from '../../lib/simulator/random/replay-line.ts';
import type { SimulationTask } from '../../lib/simulator/task.ts';
import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/**
 * Runs the simulator on a library in which one or two texts are replaced as they are loaded. Nothing is written to
 * disk. The rules must find a bug without the refinement, which refinement-mutants.test.ts is about.
 */
export type MutantWork = { readonly replacements: readonly Replacement[] } & (
  | { readonly task: SimulationTask }
  /** One run, as `pawl replay` names it. */
  | { readonly line: string }
);

/** `stale`: a text to replace does not occur exactly once in the library. */
export type MutantResult =
  | { readonly type: 'stale'; readonly message: string }
  | {
      readonly type: 'killed';
      readonly message: string;
      readonly decisions: number;
      /** Plays the run that was found again, shrunk if the task says so: whether there is one is asked, not for the shortest. */
      readonly line?: string | undefined;
    }
  | { readonly type: 'survived'; readonly decisions: number };

const work = await givenWork<MutantWork>();
const stale = replaceOnLoad(work.replacements);
const { performTask } = await import('../../lib/simulator/task.ts');
const { replay } = await import('../../lib/simulator/random/replayed-run.ts');
const { formatReplay, parseReplay } = await import('../../lib/simulator/random/replay-line.ts');

async function performed(): Promise<{
  readonly failure?: { readonly message: string; readonly line?: ReplayLine };
  readonly decisions: number;
}> {
  if ('task' in work)
    return performTask({ isShrunk: false, ...work.task, isRefined: false }, Date.now, () => undefined);
  const { violation, decisions } = (await replay(parseReplay(work.line), { isRefined: false })).result;
  return violation === undefined ? { decisions } : { failure: violation, decisions };
}

async function simulated(): Promise<MutantResult> {
  const [message] = stale();
  if (message !== undefined) return { type: 'stale', message };
  try {
    const { failure, decisions } = await performed();
    if (failure === undefined) return { type: 'survived', decisions };
    const { message, line } = failure;
    return { type: 'killed', message, decisions, line: line && formatReplay(line) };
  } catch (error) {
    // The bug breaks even the preparation of the first run.
    return { type: 'killed', message: String(error), decisions: 0 };
  }
}

answer(await simulated());
