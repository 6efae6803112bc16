import type { EnactorDeps, Run } from '../enactor/enactor.ts';
import type { LedgerEvent } from '../ledger/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { canonicalJson } from '../plan/canonical.ts';
import { fenceName } from '../plan/owned-names.ts';
import type { Surroundings } from './behaviour.ts';

type Call = Parameters<Parameters<Surroundings['forgetAt']>[0]>[0];

/** An enactor's ports, watched for the calls in which it has forgotten most of what it was told. */
export interface WatchedMemory {
  readonly deps: EnactorDeps;
  /** For {@link Surroundings.forgetAt}; asked once in every call. */
  memory(call: Call, run: Run): string | undefined;
}

/**
 * Three calls after which nothing of what an enactor was answered before still counts:
 * - the reading of the fence with which a pass begins: only what its run remembers;
 * - the head that it reads again when an append has lost its place: also the event, as long as that says what comes
 *   after it;
 * - the first question after a change that it waits for: also what it waits for.
 *
 * How often it lost, waited or tried again counts for nothing but whether it lost at all: giving up comes after more of
 * each than are played in a search.
 */
export function watchMemory(plain: EnactorDeps): WatchedMemory {
  const fence = fenceName(plain.writer.scope);
  let lost: LedgerEvent | undefined;
  let awaited: Run['awaited'] | undefined;
  const ledger: Ledger = {
    ...plain.ledger,
    append: async (head, entry) => {
      const outcome = await plain.ledger.append(head, entry);
      if (outcome.type === 'lost') lost = entry.event;
      return outcome;
    },
  };
  return {
    deps: { ...plain, ledger },
    memory: ({ site, detail }, run) => {
      const event = lost;
      lost = undefined;
      if (site === 'zone.listRecords' && detail.startsWith(`${fence} `)) return memoryOf(run);
      if (site === 'ledger.head' && event !== undefined && saysWhatFollows(event))
        return `${memoryOf(run)} ${canonicalJson(event)}`;
      if (site === 'zone.changeStatus' && run.awaited !== awaited) {
        awaited = run.awaited;
        return `${memoryOf(run)} ${awaited.map(({ changeId }) => changeId).join()}`;
      }
      return undefined;
    },
  };
}

/** A staging is waited for, of which the event names the changes; a flip is the end, and a late record a new pass. */
function saysWhatFollows(event: LedgerEvent): boolean {
  return event.type === 'PlanStaged' || (event.type === 'PlanApplied' && event.reason !== 'repair');
}

function memoryOf({ startedAt, readZone, lost, recordedSeq, insync }: Run): string {
  return `${startedAt} ${readZone} ${lost > 0} ${recordedSeq ?? ''} ${[...insync].sort().join()}`;
}
