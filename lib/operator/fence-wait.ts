import type { InsyncSettings, Waited } from '../cell/insync.ts';
import { awaitInsync } from '../cell/insync.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Zone } from '../zone/zone.ts';

/** How a person's command waits until the fence that it wrote is INSYNC. */
export interface FenceWait {
  readonly settings: InsyncSettings;
  /** When to say that it is not yet. */
  readonly deadline: Instant;
}

/**
 * Waits for a change that was accepted just now. Until it is INSYNC it is not copied, and a return of the zone loses it.
 *
 * @param changeId empty when nobody knows it, because the answer was lost: then its place is not known either.
 * @throws ZoneUnavailable when Route 53 cannot be asked.
 */
export async function awaitFence(
  deps: { readonly zone: Zone; readonly clock: Clock },
  changeId: string,
  { settings, deadline }: FenceWait,
): Promise<Waited['type']> {
  if (changeId === '') return 'unknown';
  const { type } = await awaitInsync(deps, [{ changeId, at: deps.clock.now() }], settings, deadline);
  return type;
}

/** What a person is told of a fence that is written and not INSYNC at the deadline. */
export function notCopied(what: string, again: string): string {
  return `${what}, but Route 53 has not confirmed it at every server (INSYNC): until then a failover of Route 53 may undo it. ${again} finishes it.`;
}
