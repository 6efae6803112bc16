import type { PendingChange } from '../cell/insync.ts';
import type { Generation } from '../plan/generation.ts';
import type { Instant } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';

// See docs/adr/0051-nobody-waits-for-insync.md.
/**
 * Successors are asked for until the newest change is so old. Route 53 moves a change to INSYNC generally within 60
 * seconds (GetChange, API reference): one that takes longer is left to the sweeps, so that a chain of successors ends.
 */
const FOLLOWED_MS = 120_000;

/** Until when a run stands by while trees propagate: it asks once where a successor can go on, else to its deadline. */
export function standsByUntil({ successor, clock }: EnactorDeps, { request }: Run): Instant {
  return successor === undefined ? request.deadline : clock.now();
}

/**
 * Ends a run whose trees have not reached every name server. The run that staged them, or that was itself asked to
 * follow them, asks for one successor; whoever only sees them leaves that to others, or every sweep would begin a chain
 * of its own. A successor that cannot be asked for is no failure: the next sweep goes on.
 */
export async function handOver(
  deps: EnactorDeps,
  run: Run,
  generation: Generation,
  pending: readonly PendingChange[],
): Promise<EnactOutcome> {
  const changes = pending.map(({ changeId }) => changeId);
  const lookAgainAt = run.follows ? await askSuccessor(deps, pending) : null;
  return { type: 'propagating', generation, changes, lookAgainAt };
}

async function askSuccessor(deps: EnactorDeps, pending: readonly PendingChange[]): Promise<Instant | null> {
  const { successor, clock, settings, telemetry, writer } = deps;
  const now = clock.now();
  const ageMs = Math.max(0, now - Math.max(...pending.map(({ at }) => at)));
  if (successor === undefined || ageMs >= FOLLOWED_MS) return null;
  const at = nextLook(now, ageMs, settings.insyncPollMs);
  const { cell } = writer.scope;
  try {
    await successor.ask(cell, at);
    return at;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    telemetry.note('successor not asked for', { cell, reason });
    return null;
  }
}

/** Looks grow apart with the age of what is looked for: a look costs the same, and is the less urgent the later it is. */
export function nextLook(now: Instant, ageMs: number, insyncPollMs: number): Instant {
  return instant(now + Math.max(insyncPollMs, Math.round(ageMs / 2)));
}
