import type { Source } from '../../fleet/sources/source.ts';
import type { LedgerEvent } from '../../ledger/decider/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { LedgerUnavailable } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import type { Batch, Zone } from '../../zone/zone.ts';
import { ZoneUnavailable } from '../../zone/zone.ts';
import type { ZoneQuota } from '../../zone/zone-quota.ts';
import type { Answer, PendingCall, Suspend, TargetEvent } from './port-call.ts';

type Call = Omit<PendingCall, 'actor'>;

/** A zone whose every verb suspends before its request takes effect. */
export function suspendingZone(suspend: Suspend, id: string): Zone {
  return {
    id,
    listRecords: (start, limit) => suspend(listRecords(start, limit)) as ReturnType<Zone['listRecords']>,
    change: (batch) => suspend(change(batch)) as ReturnType<Zone['change']>,
    changeStatus: (changeId) => suspend(changeStatus(changeId)) as ReturnType<Zone['changeStatus']>,
    describe: () => suspend(describe(id)) as ReturnType<Zone['describe']>,
  };
}

/** A quota that suspends before it is asked for. Route 53 may be away, or not let this role ask. */
export function suspendingQuota(suspend: Suspend): ZoneQuota {
  return { recordLimit: () => suspend(recordLimit()) as ReturnType<ZoneQuota['recordLimit']> };
}

/** A ledger whose every verb suspends before its request takes effect. */
export function suspendingLedger(suspend: Suspend, id: string): Ledger {
  return {
    id,
    cells: () => suspend(cells()) as ReturnType<Ledger['cells']>,
    head: (cell) => suspend(head(cell)) as ReturnType<Ledger['head']>,
    append: (at, entry) => suspend(append(at, entry)) as ReturnType<Ledger['append']>,
    events: (cell, range) => suspend(events(cell, range)) as ReturnType<Ledger['events']>,
    putBody: (cell, text) => suspend(putBody(cell, text)) as ReturnType<Ledger['putBody']>,
    getBody: (cell, digest) => suspend(getBody(cell, digest)) as ReturnType<Ledger['getBody']>,
  };
}

// A search keeps calls for as long as it keeps local states. These functions stand outside of the ports, so that a call
// holds only what it asks for. Inside it would hold, through `suspend`, the whole workflow that made it.

function listRecords(...[start, limit]: Parameters<Zone['listRecords']>): Call {
  return askZone('zone.listRecords', `${start.name} (${limit})`, (zone) => zone.listRecords(start, limit));
}

function changeStatus(changeId: string): Call {
  return askZone('zone.changeStatus', changeId, (zone) => zone.changeStatus(changeId));
}

function describe(id: string): Call {
  return askZone('zone.describe', id, (zone) => zone.describe());
}

function change(batch: Batch): Call {
  return {
    site: 'zone.change',
    detail: `${batch.kind}: ${batch.comment}`,
    effect: 'write',
    ...fenceOf(batch),
    perform: ({ zone }) => zone.change(batch),
    unanswered: nobodyKnows,
    refused: zoneSilent,
  };
}

function recordLimit(): Call {
  return {
    site: 'quota.recordLimit',
    detail: '',
    effect: 'read',
    perform: async (backends) => backends.limitNow(),
    unanswered: notTold,
    refused: notTold,
  };
}

function notTold(): Answer {
  return { type: 'value', value: 'not-told' };
}

function askZone(site: string, detail: string, perform: (zone: Zone) => Promise<unknown>): Call {
  return {
    site,
    detail,
    effect: 'read',
    perform: ({ zone }) => perform(zone),
    unanswered: zoneSilent,
    refused: zoneSilent,
  };
}

function cells(): Call {
  return askLedger('ledger.cells', '', 'read', (ledger) => ledger.cells());
}

function head(cell: CellName): Call {
  return askLedger('ledger.head', cell, 'read', (ledger) => ledger.head(cell));
}

function events(...[cell, range]: Parameters<Ledger['events']>): Call {
  return askLedger('ledger.events', cell, 'read', (ledger) => ledger.events(cell, range));
}

function putBody(cell: CellName, text: string): Call {
  return askLedger('ledger.putBody', cell, 'local', (ledger) => ledger.putBody(cell, text));
}

function getBody(cell: CellName, digest: string): Call {
  return askLedger('ledger.getBody', digest.slice(0, 12), 'local', (ledger) => ledger.getBody(cell, digest));
}

function append(...[at, entry]: Parameters<Ledger['append']>): Call {
  return {
    site: 'ledger.append',
    detail: `${named(entry.event)} at ${at.number + 1}`,
    effect: 'write',
    expects: { type: 'event', cell: at.cell, number: at.number + 1 },
    event: entry.event,
    perform: ({ ledger }) => ledger.append(at, entry),
    unanswered: nobodyKnows,
    refused: ledgerSilent,
  };
}

function askLedger(
  site: string,
  detail: string,
  effect: PendingCall['effect'],
  perform: (ledger: Ledger) => Promise<unknown>,
): Call {
  return {
    site,
    detail,
    effect,
    perform: ({ ledger }) => perform(ledger),
    unanswered: ledgerSilent,
    refused: ledgerSilent,
  };
}

/** A clock that shows the simulated time and suspends in every sleep. Running the call wakes the sleeper on time. */
export function suspendingClock(suspend: Suspend, now: () => Instant): Clock {
  return {
    now,
    sleep: async (ms) => {
      const wakeAt = now() + ms;
      await suspend({
        site: 'clock.sleep',
        detail: `${ms} ms`,
        effect: 'time',
        perform: async ({ sleepUntil }) => sleepUntil(wakeAt),
        unanswered: () => ({ type: 'value', value: undefined }),
        refused: () => ({ type: 'value', value: undefined }),
      });
    },
  };
}

/** A source that suspends in every read. */
export function suspendingSource(suspend: Suspend): Source {
  return {
    kind: 'live',
    observe: (cell, before) =>
      suspend({
        site: 'source.observe',
        detail: cell.cell,
        effect: 'read',
        perform: ({ source }) => source.observe(cell, before),
        unanswered: blind,
        refused: blind,
      }) as ReturnType<Source['observe']>,
  };
}

/** Nobody's call: something happens to targets, whoever is at work. */
export async function happening(suspend: Suspend, event: TargetEvent): Promise<void> {
  const { afterMs, failed } = event;
  await suspend({
    site: 'targets.happen',
    detail: `${afterMs} ms, then ${failed.length === 0 ? 'all serve' : `not ${failed.join()}`}`,
    effect: 'time',
    perform: async (backends) => backends.happen(event),
    unanswered: () => ({ type: 'value', value: undefined }),
    refused: () => ({ type: 'value', value: undefined }),
  });
}

/** The text of an event in a timeline. */
function named(event: LedgerEvent): string {
  return event.type === 'PlanApplied' ? `PlanApplied (${event.reason})` : event.type;
}

/** The fence that a batch deletes first; empty when the batch does not begin with one. */
function fenceOf({ changes }: Batch): Pick<PendingCall, 'expects'> {
  const [first] = changes;
  const isFence = first?.action === 'DELETE' && first.record.type === 'TXT';
  return isFence ? { expects: { type: 'fence', fence: first.record } } : {};
}

function zoneSilent(): Answer {
  return { type: 'error', error: new ZoneUnavailable('no answer came from Route 53') };
}

function ledgerSilent(): Answer {
  return { type: 'error', error: new LedgerUnavailable('no answer came from the ledger') };
}

function nobodyKnows(): Answer {
  return { type: 'value', value: { type: 'unknown', reason: 'no answer came' } };
}

function blind(): Answer {
  return { type: 'value', value: { type: 'blind', reason: 'no answer came' } };
}
