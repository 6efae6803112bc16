import type { Source } from '../fleet/sources/source.ts';
import type { LedgerEvent } from '../ledger/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Batch, Zone } from '../zone/zone.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { Answer, PendingCall, Shores, Suspend } from './port-call.ts';

/** A zone whose every verb suspends before it reaches the world. */
export function scheduledZone(suspend: Suspend, id: string): Zone {
  const read = <T>(site: string, detail: string, perform: (zone: Zone) => Promise<T>): Promise<T> =>
    suspend({
      site,
      detail,
      effect: 'read',
      perform: ({ zone }) => perform(zone),
      unanswered: zoneSilent,
      refused: zoneSilent,
    }) as Promise<T>;
  return {
    id,
    listRecords: (start, limit) =>
      read('zone.listRecords', `${start.name} (${limit})`, (zone) => zone.listRecords(start, limit)),
    change: (batch) =>
      suspend({
        site: 'zone.change',
        detail: `${batch.kind}: ${batch.comment}`,
        effect: 'write',
        ...fenceOf(batch),
        perform: ({ zone }) => zone.change(batch),
        unanswered: nobodyKnows,
        refused: zoneSilent,
      }) as ReturnType<Zone['change']>,
    changeStatus: (changeId) => read('zone.changeStatus', changeId, (zone) => zone.changeStatus(changeId)),
    describe: () => read('zone.describe', id, (zone) => zone.describe()),
  };
}

/** A ledger whose every verb suspends before it reaches the world. */
export function scheduledLedger(suspend: Suspend, id: string): Ledger {
  const ask = <T>(
    site: string,
    detail: string,
    effect: PendingCall['effect'],
    perform: (ledger: Ledger) => Promise<T>,
  ): Promise<T> =>
    suspend({
      site,
      detail,
      effect,
      perform: ({ ledger }: Shores) => perform(ledger),
      unanswered: ledgerSilent,
      refused: ledgerSilent,
    }) as Promise<T>;
  return {
    id,
    cells: () => ask('ledger.cells', '', 'read', (ledger) => ledger.cells()),
    head: (cell) => ask('ledger.head', cell, 'read', (ledger) => ledger.head(cell)),
    append: (head, entry) =>
      suspend({
        site: 'ledger.append',
        detail: `${named(entry.event)} at ${head.number + 1}`,
        effect: 'write',
        expects: { type: 'event', number: head.number + 1 },
        perform: ({ ledger }) => ledger.append(head, entry),
        unanswered: nobodyKnows,
        refused: ledgerSilent,
      }) as ReturnType<Ledger['append']>,
    events: (cell, range) => ask('ledger.events', cell, 'read', (ledger) => ledger.events(cell, range)),
    putBody: (cell, text) => ask('ledger.putBody', cell, 'local', (ledger) => ledger.putBody(cell, text)),
    getBody: (cell, digest) =>
      ask('ledger.getBody', digest.slice(0, 12), 'local', (ledger) => ledger.getBody(cell, digest)),
  };
}

/** A clock that tells the world's time and suspends in every sleep; being run wakes the sleeper on time. */
export function scheduledClock(suspend: Suspend, now: () => Instant): Clock {
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

/** A source that suspends when it is asked. */
export function scheduledSource(suspend: Suspend): Source {
  return {
    kind: 'live',
    observe: (cell) =>
      suspend({
        site: 'source.observe',
        detail: cell.cell,
        effect: 'local',
        perform: ({ source }) => source.observe(cell),
        unanswered: blind,
        refused: blind,
      }) as ReturnType<Source['observe']>,
  };
}

/** An event as a timeline shows it. */
function named(event: LedgerEvent): string {
  return event.type === 'PlanApplied' ? `PlanApplied (${event.reason})` : event.type;
}

/** The fence that a batch deletes first, when it begins so. */
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
