import type { Play } from './playing.ts';

/**
 * In a play that is reduced, runs every call that nobody else can notice: whatever else could happen first leads to the
 * same world afterwards (partial-order reduction), and a dead actor in such a call is no other than a dead one in the
 * next. So these calls are no decisions.
 *
 * @returns how many calls that were.
 */
export async function runLocalCalls(play: Play): Promise<number> {
  if (!play.settings.reduce) return 0;
  for (let calls = 0; ; calls += 1) {
    const local = play.seats.find(({ name }) => play.callOf(name)?.effect === 'local');
    if (local === undefined) return calls;
    await play.apply({ type: 'run', actor: local.name }, () => 0);
  }
}
