import type { Writer } from '../cell/fenced-write.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FenceWait } from './fence-wait.ts';
import { awaitFence, notCopied } from './fence-wait.ts';
import type { RescueReading } from './rescue-reading.ts';
import type { WrittenFence } from './rescue-writes.ts';
import { freezeForRescue } from './rescue-writes.ts';

/** `again`: read the zone again; `made` is the change to wait for then, if one is known. */
type Settled =
  | { readonly type: 'insync' }
  | { readonly type: 'not copied'; readonly reason: string }
  | { readonly type: 'again'; readonly made: WrittenFence | undefined };

/**
 * Waits until a rescue that stands is INSYNC. Where nobody knows the change of its last batch, the same frozen fence is
 * written once more, above everything that stands, to have one to wait for.
 *
 * @throws ZoneUnavailable when Route 53 cannot be reached.
 */
export function rescueSettling(
  writer: Writer,
  clock: Clock,
  wait: FenceWait,
): (read: RescueReading, digest: string, made: WrittenFence | undefined) => Promise<Settled> {
  const { zone, scope } = writer;
  return async (read, digest, made) => {
    if (made === undefined) {
      const renewed = await freezeForRescue(writer, read, digest);
      return { type: 'again', made: renewed.type === 'written' ? renewed.value : undefined };
    }
    switch (await awaitFence({ zone, clock }, made.changeId, wait)) {
      case 'insync':
        return { type: 'insync' };
      case 'unknown':
        return { type: 'again', made: undefined };
      case 'deadline':
        return {
          type: 'not copied',
          reason: notCopied(`Cell ${scope.cell} answers as it was rescued`, 'The same "pawl rescue"'),
        };
    }
  };
}
