import type { Source } from '../fleet/sources/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Zone } from '../zone/zone.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { Answer, Suspend } from './scheduler.ts';

/** A zone whose every verb suspends at the scheduler before it reaches the world. */
export function scheduledZone(suspend: Suspend, zone: Zone): Zone {
  const ask = <T>(
    site: string,
    detail: string,
    perform: () => Promise<T>,
    unanswered: () => Answer,
  ): Promise<T> => suspend({ site, detail, perform, unanswered }) as Promise<T>;
  return {
    id: zone.id,
    listRecords: (start, limit) =>
      ask('zone.listRecords', `${start.name} (${limit})`, () => zone.listRecords(start, limit), zoneSilent),
    change: (batch) =>
      ask(
        'zone.change',
        `${batch.kind}: ${batch.comment}`,
        () => zone.change(batch),
        () => ({
          type: 'value',
          value: { type: 'unknown', reason: 'no answer came' },
        }),
      ),
    changeStatus: (changeId) =>
      ask('zone.changeStatus', changeId, () => zone.changeStatus(changeId), zoneSilent),
    describe: () => ask('zone.describe', zone.id, () => zone.describe(), zoneSilent),
  };
}

/** A ledger whose every verb suspends at the scheduler before it reaches the world. */
export function scheduledLedger(suspend: Suspend, ledger: Ledger): Ledger {
  const ask = <T>(
    site: string,
    detail: string,
    perform: () => Promise<T>,
    unanswered = ledgerSilent,
  ): Promise<T> => suspend({ site, detail, perform, unanswered }) as Promise<T>;
  return {
    id: ledger.id,
    cells: () => ask('ledger.cells', '', () => ledger.cells()),
    head: (cell) => ask('ledger.head', cell, () => ledger.head(cell)),
    append: (head, entry) =>
      ask(
        'ledger.append',
        `${entry.event.type} at ${head.number + 1}`,
        () => ledger.append(head, entry),
        () => ({
          type: 'value',
          value: { type: 'unknown', reason: 'no answer came' },
        }),
      ),
    events: (cell, range) => ask('ledger.events', cell, () => ledger.events(cell, range)),
    putBody: (cell, text) => ask('ledger.putBody', cell, () => ledger.putBody(cell, text)),
    getBody: (cell, digest) => ask('ledger.getBody', digest.slice(0, 12), () => ledger.getBody(cell, digest)),
  };
}

/** A clock that tells the world's time and suspends in every sleep; being run wakes the sleeper on time. */
export function scheduledClock(suspend: Suspend, clock: Clock & { advanceTo(ms: number): void }): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms) => {
      const wakeAt = clock.now() + ms;
      await suspend({
        site: 'clock.sleep',
        detail: `${ms} ms`,
        perform: async () => clock.advanceTo(wakeAt),
        unanswered: () => ({ type: 'value', value: undefined }),
      });
    },
  };
}

/** A source that suspends when it is asked. */
export function scheduledSource(suspend: Suspend, source: Source): Source {
  return {
    observe: (cell) =>
      suspend({
        site: 'source.observe',
        detail: cell.cell,
        perform: () => source.observe(cell),
        unanswered: () => ({ type: 'value', value: { type: 'blind', reason: 'no answer came' } }),
      }) as ReturnType<Source['observe']>,
  };
}

function zoneSilent(): Answer {
  return { type: 'error', error: new ZoneUnavailable('no answer came from Route 53') };
}

function ledgerSilent(): Answer {
  return { type: 'error', error: new LedgerUnavailable('no answer came from the ledger') };
}
