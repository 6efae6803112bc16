import type { FenceLinks, TrailEvent } from './trail-event.ts';

/** An event that waits for older ones. */
export interface WaitingEvent extends FenceLinks {
  readonly event: TrailEvent;
}

/** Events of one zone that were read and not played, in the order of their times. */
export interface WaitingEvents {
  add(event: TrailEvent): void;
  /** How many wait. */
  count(): number;
  /** Fences that are left by one of them. */
  fences(): number;
  /** The time of the oldest; undefined where none waits. */
  oldest(): number | undefined;
  /** Takes the events of the oldest second, and those that a fence tells to come before one of them, whatever their time. */
  takeSecond(): readonly WaitingEvent[];
}

const SECOND_MS = 1_000;
/** Events that one second may have. */
const TOGETHER_MAX = 200;
/** So many places of events that were taken are kept in front of the list: to move the rest up costs as much as the rest is. */
const TAKEN_MAX = 500;

export function waitingEvents(): WaitingEvents {
  const events: WaitingEvent[] = [];
  /** The place of the oldest. */
  let head = 0;
  /** The events that leave a fence, by its value. */
  const leaves = new Map<string, WaitingEvent>();
  const timeAt = (at: number): number | undefined => events[at]?.event.at;
  const moveUp = (): void => {
    if (head < TAKEN_MAX && head < events.length) return;
    events.splice(0, head);
    head = 0;
  };
  /** Takes an event out of the middle; false where it does not wait any more. */
  const takeOut = (each: WaitingEvent): boolean => {
    const at = events.indexOf(each, head);
    if (at >= 0) events.splice(at, 1);
    return at >= 0;
  };
  return {
    add: (event) => {
      const each = { event, ...fencesOf(event) };
      let at = events.length;
      while (at > head && (timeAt(at - 1) ?? 0) > event.at) at -= 1;
      if (at === events.length) events.push(each);
      else events.splice(at, 0, each);
      for (const value of each.leaves) leaves.set(value, each);
    },
    count: () => events.length - head,
    fences: () => leaves.size,
    oldest: () => timeAt(head),
    takeSecond: () => {
      const second = Math.floor((timeAt(head) ?? 0) / SECOND_MS);
      let end = head;
      while (end - head < TOGETHER_MAX && Math.floor((timeAt(end) ?? -SECOND_MS) / SECOND_MS) === second)
        end += 1;
      const taken = new Set(events.slice(head, end));
      head = end;
      for (const each of taken) {
        for (const value of each.takes) {
          const before = leaves.get(value);
          if (before !== undefined && !taken.has(before) && takeOut(before)) taken.add(before);
        }
      }
      for (const each of taken)
        for (const value of each.leaves) if (leaves.get(value) === each) leaves.delete(value);
      moveUp();
      return [...taken];
    },
  };
}

/** Whether a name may be a fence's. */
function isFenceLike(name: string): boolean {
  return name.startsWith('fence.');
}

export function fencesOf({ content }: Pick<TrailEvent, 'content'>): FenceLinks {
  const takes: string[] = [];
  const leaves: string[] = [];
  if (content.type !== 'batch') return { takes, leaves };
  for (const { action, record } of content.changes) {
    if (!isFenceLike(record.name)) continue;
    (action === 'DELETE' ? takes : leaves).push(`${record.name} ${record.values?.join() ?? ''}`);
  }
  return { takes, leaves };
}
