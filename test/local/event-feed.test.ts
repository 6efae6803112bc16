import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { EventFeed, FeedDeps } from '../../lib/local/event-feed.ts';
import { eventFeed } from '../../lib/local/event-feed.ts';
import type { Report } from '../../lib/local/reports.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { cellName } from '../../lib/plan/names.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';

const A = cellName('use1-a');
const B = cellName('use1-b');

async function append(ledger: Ledger, cell: CellName, count = 1): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const head = await ledger.head(cell);
    const event = { type: 'TargetDrained', target: `t-${head.number + 1}`, reason: 'a test' } as const;
    expect((await ledger.append(head, { event, at: 1, by: 'test' })).type).toBe('appended');
  }
}

/** Keeps everything. */
const ANCHORS: FeedDeps['anchors'] = { keep: async () => 'kept' };

interface Fed {
  readonly feed: EventFeed;
  readonly reports: Report[];
  readonly told: () => readonly string[];
}

function fed(ledger: () => Promise<Ledger>, from = new Map<CellName, number>(), anchors = ANCHORS): Fed {
  const reports: Report[] = [];
  const report = (each: Report) => {
    reports.push(each);
  };
  const feed = eventFeed({ ledger, clock: virtualClock(), report, anchors, pollMs: 10, told: from });
  const told = () =>
    reports.flatMap((each) => (each.type === 'event' ? [`${each.event.cell} ${each.event.number}`] : []));
  return { feed, reports, told };
}

describe('the feed of events', () => {
  it('tells every event once, in the order of its log, from where it is said to begin', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    await append(ledger, A, 2);
    const { feed, told } = fed(async () => ledger, new Map([[A, 1]]));
    await feed.tell();
    await append(ledger, B);
    await append(ledger, A);
    await feed.tell();
    await feed.tell();
    expect(told()).toEqual(['use1-a 2', 'use1-a 3', 'use1-b 1']);
  });

  it('tells more than fits one page', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    await append(ledger, A, 450);
    const { feed, told } = fed(async () => ledger);
    await feed.tell();
    expect(told()).toHaveLength(450);
    expect(told().at(-1)).toBe('use1-a 450');
  });

  it('tells nothing twice when it is asked twice at once', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    await append(ledger, A, 3);
    const { feed, told } = fed(async () => ledger);
    await Promise.all([feed.tell(), feed.tell()]);
    expect(told()).toHaveLength(3);
  });

  it('tells at the end what came before it', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    const { feed, told } = fed(async () => ledger);
    const ending = new AbortController();
    ending.abort(new Error('the test is over'));
    await append(ledger, A);
    await feed.follow(ending.signal);
    expect(told()).toEqual(['use1-a 1']);
  });

  it('tells no event before its hash is kept, and none is left out when keeping fails', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    await append(ledger, A, 3);
    const kept: number[] = [];
    let fails = true;
    const anchors: FeedDeps['anchors'] = {
      keep: async (_, { number }) => {
        if (number === 2 && fails) throw new LedgerUnavailable('the disk is full');
        kept.push(number);
        return 'kept';
      },
    };
    const { feed, told } = fed(async () => ledger, new Map(), anchors);
    await expect(feed.tell()).rejects.toThrow('the disk is full');
    expect(told()).toEqual(['use1-a 1']);
    fails = false;
    await feed.tell();
    expect(kept).toEqual([1, 2, 3]);
    expect(told()).toEqual(['use1-a 1', 'use1-a 2', 'use1-a 3']);
  });

  it('says once that the ledger is down and once that it is back, and goes on then', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    await append(ledger, A);
    const ending = new AbortController();
    let opened = 0;
    const { feed, reports } = fed(async () => {
      opened += 1;
      if (opened <= 5) throw new LedgerUnavailable('down');
      if (opened === 8) ending.abort(new Error('the test is over'));
      return ledger;
    });
    await feed.follow(ending.signal);
    expect(reports.map(({ type }) => type)).toEqual(['trouble', 'event', 'over']);
  });
});
