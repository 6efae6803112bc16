import type { Session } from './session.ts';

/** Does something again and again until Ctrl-C, which is how it is meant to end. */
export async function watching(session: Session, everyMs: number, look: () => Promise<void>): Promise<void> {
  const { clock } = await session.world();
  const stop = session.interruption();
  while (!stop.aborted) {
    await look();
    try {
      await clock.sleep(everyMs, stop);
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}
