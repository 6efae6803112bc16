import type { Play } from './playing.ts';

/**
 * In a play that is reduced, runs every call that nobody else can notice. Whatever else could happen before such a call
 * leads to the same state afterwards (partial-order reduction). An actor that dies in such a call equals one that dies
 * in its next call. So these calls are no decisions.
 *
 * @returns the number of calls that it ran.
 */
export async function runLocalCalls(play: Play): Promise<number> {
  if (!play.settings.reduce) return 0;
  for (let calls = 0; ; calls += 1) {
    const local = play.seats.find(({ name }) => play.callOf(name)?.effect === 'local');
    if (local === undefined) return calls;
    await play.apply({ type: 'run', actor: local.name }, () => 0);
  }
}
