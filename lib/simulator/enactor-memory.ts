import type { Run } from '../enactor/enactor.ts';
import type { LedgerEvent } from '../ledger/decider/events.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { DnsName } from '../plan/names.ts';
import type { SaysMemory } from './behaviour.ts';

/**
 * Three calls after which nothing of what an enactor was answered before still counts:
 * - the reading of the fence with which a pass begins: only what its run remembers;
 * - the head that it reads to tell the log of an event, the first time or once more because the append lost its place:
 *   also the event, as long as that says what comes after it;
 * - the first question after a change that it waits for: also what it waits for.
 *
 * How often it lost, waited or tried again counts for nothing but whether it lost at all: giving up comes after more of
 * each than are played in a search.
 *
 * @param fence the name of the cell's fence.
 * @returns what is asked once in every call of this run.
 */
export function enactorMemory(run: Run, fence: DnsName): SaysMemory {
  let { awaited } = run;
  return ({ site, detail }) => {
    if (site === 'zone.listRecords' && detail.startsWith(`${fence} `)) return memoryOf(run);
    const { telling } = run;
    if (site === 'ledger.head' && telling !== undefined && saysWhatFollows(telling))
      return `${memoryOf(run)} ${canonicalJson(telling)}`;
    if (site === 'zone.changeStatus' && run.awaited !== awaited) {
      awaited = run.awaited;
      return `${memoryOf(run)} ${awaited.map(({ changeId }) => changeId).join()}`;
    }
    return undefined;
  };
}

/** A staging is waited for, of which the event names the changes; a flip is the end, and a late record a new pass. */
function saysWhatFollows(event: LedgerEvent): boolean {
  return event.type === 'PlanStaged' || (event.type === 'PlanApplied' && event.reason !== 'repair');
}

function memoryOf({ startedAt, readZone, lost, recordedSeq, insync }: Run): string {
  return `${startedAt} ${readZone} ${lost > 0} ${recordedSeq ?? ''} ${[...insync].sort().join()}`;
}
