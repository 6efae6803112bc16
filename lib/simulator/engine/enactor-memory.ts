import type { Run } from '../../enactor/enactor.ts';
import type { LedgerEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { DnsName } from '../../plan/names.ts';
import type { LookAhead, SaysMemory } from './coroutine.ts';

/**
 * Three calls after which nothing of what an enactor was answered before still counts:
 * - the reading of the fence with which a pass begins: only what its run remembers;
 * - a head that it reads although no pass begins, to append an event, the first time or once more because the append
 *   lost its place: also the event, as long as that says what comes after it;
 * - the first question after a change that it waits for: also what it waits for.
 *
 * The event and the changes are nothing that its run remembers. They show in what it does next: the event when the head
 * is the one that it has read already, the changes when each of them is everywhere. So a run of it is led on that far.
 *
 * How often it lost, waited or tried again counts for nothing but whether it lost at all: giving up comes after more of
 * each than are played in a search.
 *
 * @param fence the name of the cell's fence.
 * @returns the ledger to run it on, and what is asked once in every call of this run.
 */
export function watchEnactor(
  plain: Ledger,
  run: Run,
  fence: DnsName,
): { readonly ledger: Ledger; readonly memory: SaysMemory } {
  let head: Head | undefined;
  let before: 'fence' | 'wait' | 'other' = 'other';
  const ledger: Ledger = {
    ...plain,
    head: async (cell) => {
      head = await plain.head(cell);
      return head;
    },
  };
  const memory: SaysMemory = ({ site, detail }) => {
    const previous = before;
    const isFence = site === 'zone.listRecords' && detail.startsWith(`${fence} `);
    const isWait = site === 'zone.changeStatus' || site === 'clock.sleep';
    before = isFence ? 'fence' : isWait ? 'wait' : 'other';
    const known = memoryOf(run);
    if (isFence) return { known };
    if (site === 'ledger.head' && previous !== 'fence' && head !== undefined)
      return { known, ahead: nextEvent(head) };
    if (isWait && previous !== 'wait') return { known, ahead: awaitedChanges() };
    return undefined;
  };
  return { ledger, memory };
}

/** Shows the event that follows when a head is read, by answering with one that is known. */
function nextEvent(head: Head): LookAhead {
  return (stop) => {
    if (stop.type !== 'call') return { type: 'seen', known: undefined };
    const { site, event } = stop.call;
    if (site === 'ledger.head') return { type: 'go on', answer: { type: 'value', value: head } };
    return { type: 'seen', known: event && saysWhatFollows(event) ? canonicalJson(event) : undefined };
  };
}

/** Shows the changes of a wait, by answering that each of them is everywhere. */
function awaitedChanges(): LookAhead {
  const changes: string[] = [];
  return (stop) => {
    if (stop.type !== 'call' || stop.call.site !== 'zone.changeStatus')
      return { type: 'seen', known: changes.join() };
    changes.push(stop.call.detail);
    return { type: 'go on', answer: { type: 'value', value: 'insync' } };
  };
}

/** A staging is waited for, of which the event names the changes; a flip is the end, and a late record a new pass. */
function saysWhatFollows(event: LedgerEvent): boolean {
  return event.type === 'PlanStaged' || (event.type === 'PlanApplied' && event.reason !== 'repair');
}

function memoryOf({ startedAt, readZone, lost, recordedSeq, insync }: Run): string {
  return `${startedAt} ${readZone} ${lost > 0} ${recordedSeq ?? ''} ${[...insync].sort().join()}`;
}
