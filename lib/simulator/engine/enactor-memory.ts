import type { Run } from '../../enactor/enactor.ts';
import type { LedgerEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { canonicalJson, sha256 } from '../../plan/canonical.ts';
import type { DnsName } from '../../plan/names.ts';
import type { ZoneView } from '../../plan/zone-view.ts';
import type { LookAhead, SaysMemory } from './coroutine.ts';

/**
 * There are three kinds of calls in which an enactor has forgotten its earlier answers, except for what its run
 * remembers and what is named here:
 * - the read of the fence at the beginning of a pass: nothing else;
 * - the read of a head within a pass, to append an event for the first time or after a lost append: the event too,
 *   where it decides what the enactor does next;
 * - the first question at the beginning of a wait: the changes that it waits for too.
 *
 * The run does not hold the event and the changes. They show in its next calls: the event when the head is the one that
 * the run has read already, the changes when each of them is INSYNC. So a copy of the run is led on to those calls.
 *
 * Of the numbers of lost writes, waits and passes only one fact counts: whether a write was lost at all. The enactor
 * gives up after more of each than a search plays. A run that is put together from merged ones may have lost more than
 * any that is played: from half of what an enactor takes on the number counts too, so that none comes to its end by it.
 *
 * @param fence the name of the cell's fence.
 * @returns the ledger for the run, and the function to call once in every call of this run.
 */
export function watchEnactor(
  plain: Ledger,
  run: Run,
  fence: DnsName,
): { readonly ledger: Ledger; readonly memory: SaysMemory } {
  let head: Head | undefined;
  let before: 'fence' | 'wait' | 'change' | 'room' | 'other' = 'other';
  let hasCounted = false;
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
    const isChange = site === 'zone.change';
    const isMadeFence = isChange && detail.startsWith('fence:');
    // A pass goes on under the fence that it has made: the log is read next, as it is after a fence that was read.
    before = isFence || isMadeFence ? 'fence' : isWait ? 'wait' : isChange ? kindOf(detail) : 'other';
    const known = memoryOf(run);
    // Three times the fence is read once more within the same pass: after a fence alone was rejected, after rollback
    // roots were not moved, and after the zone was held against its count.
    const isWithinPass =
      hasCounted ||
      previous === 'room' ||
      (previous === 'change' && run.rejected?.kind === 'stage' && run.rejected.ids.length === 0);
    hasCounted = site === 'zone.describe' || (hasCounted && !isFence && !isChange);
    if (isFence) return isWithinPass ? undefined : { known };
    if (site === 'ledger.head' && previous !== 'fence' && head !== undefined)
      return { known, ahead: nextEvent(head) };
    if (isWait && previous !== 'wait') return { known, ahead: awaitedChanges() };
    return undefined;
  };
  return { ledger, memory };
}

function kindOf(batch: string): 'room' | 'change' {
  return batch.startsWith('flip: pawl room ') ? 'room' : 'change';
}

/** Leads the run to the event that it appends, by answering a read of the head with a head that is known. */
function nextEvent(head: Head): LookAhead {
  return (stop) => {
    if (stop.type !== 'call') return { type: 'seen', known: undefined };
    const { site, event } = stop.call;
    if (site === 'ledger.head') return { type: 'go on', answer: { type: 'value', value: head } };
    return { type: 'seen', known: event && saysWhatFollows(event) ? canonicalJson(event) : undefined };
  };
}

/** Leads the run to the changes that it waits for, by answering that each of them is INSYNC. */
function awaitedChanges(): LookAhead {
  const changes: string[] = [];
  return (stop) => {
    if (stop.type !== 'call' || stop.call.site !== 'zone.changeStatus')
      return { type: 'seen', known: changes.join() };
    changes.push(stop.call.detail);
    return { type: 'go on', answer: { type: 'value', value: 'insync' } };
  };
}

/**
 * Whether the event decides what comes next: after PlanStaged a wait for its changes, after a flip the end, after a
 * late record a new pass.
 */
function saysWhatFollows(event: LedgerEvent): boolean {
  return event.type === 'PlanStaged' || (event.type === 'PlanApplied' && event.reason !== 'repair');
}

/** Runs that have lost from one write up to so many are alike: each of them can lose as many again. */
const LOSSES_ALIKE_MAX = 4;

function memoryOf(run: Run): string {
  const { startedAt, readZone, lost, suspectedAt, insync, unknown, waitedUnder } = run;
  const { follows, doubted, settledOffers } = run;
  const settled =
    settledOffers === undefined ? '' : `${settledOffers.fence} ${[...settledOffers.names].join()}`;
  const zone = run.known === undefined ? '' : `${run.known.fence} ${textOf(run.known.view)}`;
  const known = `${[...insync].sort().join()} ${[...unknown].sort().join()}`;
  const losses = lost > LOSSES_ALIKE_MAX ? String(lost) : String(lost > 0);
  const passes = `${startedAt} ${readZone} ${losses} ${suspectedAt ?? ''} ${known}`;
  return `${passes} ${follows} ${doubted !== undefined} ${waitedUnder ?? ''} ${settled} ${zone} ${refusalsOf(run)}`;
}

const texts = new WeakMap<ZoneView, string>();

/** A view as one text; every call of a run asks for it, and a view never changes. */
function textOf(view: ZoneView): string {
  const known = texts.get(view) ?? sha256(canonicalJson([...view.values()].flat().map(canonicalJson).sort()));
  texts.set(view, known);
  return known;
}

/** What the run knows of refusals. How many batches it has sent shows in an event only once something is refused. */
function refusalsOf({
  rejected,
  suspects,
  refused,
  sent,
  landed,
  askedLimit,
  keepsRollbacks,
  leavesOffers,
}: Run): string {
  const isLooking = suspects.length > 0 || refused.size > 0;
  const looksFor = isLooking ? `${suspects.join()} ${sent} ${landed}` : '';
  const known = refused.size === 0 ? '' : canonicalJson([...refused.values()]);
  return `${rejected === undefined ? '' : canonicalJson(rejected)} ${looksFor} ${known} ${askedLimit} ${keepsRollbacks}${leavesOffers ? ' no offers' : ''}`;
}
