/** Something that takes a share of the machine while it runs. */
export interface Load {
  /** Threads that it keeps at work, above 0; less than 1 for what mostly waits. */
  readonly threads: number;
}

/**
 * Runs all steps, several at once while their threads together are at most `threadsMax`. The first step of the list
 * that fits begins next, so a small one may overtake a large one. A step that needs more than `threadsMax` runs alone.
 *
 * @returns the results in the order of the list.
 * @throws what `perform` throws, once all running steps have ended; no further step begins.
 */
export async function runScheduled<Step extends Load, Result>(
  steps: readonly Step[],
  threadsMax: number,
  perform: (step: Step) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const waiting = [...steps.entries()];
  let busy = 0;

  const begin = ([index, step]: readonly [number, Step]): void => {
    busy += step.threads;
    const run = perform(step)
      .then(
        (result) => {
          results[index] = result;
        },
        (error: unknown) => {
          failures.push(error);
        },
      )
      .finally(() => {
        busy -= step.threads;
        running.delete(run);
      });
    running.add(run);
  };

  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(([, { threads }]) => busy === 0 || busy + threads <= threadsMax);
    const [chosen] = next < 0 || failures.length > 0 ? [] : waiting.splice(next, 1);
    if (chosen !== undefined) begin(chosen);
    else if (running.size > 0) await Promise.race(running);
    else break;
  }
  if (failures.length > 0) throw failures[0];
  return results;
}
