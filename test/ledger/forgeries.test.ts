import { describe, expect, it } from 'vitest';
import { fenceAnchor } from '../../lib/cell/fence-anchor.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { markOf } from '../../lib/ledger/head-mark.ts';
import type { Entry } from '../../lib/ledger/ledger.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import type { CellAnchor } from '../../lib/ledger/verify-anchors.ts';
import type { HeadMark } from '../../lib/plan/fence.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';
import { CELL, fleetDeclared, LEDGER } from '../support/ledger-events.ts';

const FIRST_AT = 1_790_000_000_000;
const FREEZE = 5;

function entries(count: number, eventAt: (number: number) => LedgerEvent, by = 'operator:ana'): Entry[] {
  return Array.from({ length: count }, (_, index) => ({
    event: eventAt(index + 1),
    at: FIRST_AT + index * 1_000,
    by,
  }));
}

/** What really happened: Ana froze the cell in the fifth of twelve events. */
const TRUTH = entries(12, (number) =>
  number === 1
    ? { type: 'FormatRaised', format: 4 }
    : number === FREEZE
      ? { type: 'CellFrozen', reason: 'an incident' }
      : { type: 'TargetDrained', target: `i-${number}`, reason: 'maintenance' },
);
/** The same, with the freeze blamed on Bob, and every hash and every state as his would have been. */
const BLAMED = TRUTH.map((entry, index) => (index + 1 === FREEZE ? { ...entry, by: 'operator:bob' } : entry));
const SHORTENED = TRUTH.slice(0, -6);
/** The last six events deleted, and their numbers used again. */
const REUSED = [
  ...SHORTENED,
  ...entries(6, (number) => ({ type: 'AzEvacuated', az: `az${number}`, reason: '' })),
];

async function logOf(all: readonly Entry[]): Promise<MemoryLedger> {
  const ledger = memoryLedger(LEDGER, { missingBodies: 'allow' });
  let head = await ledger.head(CELL);
  for (const entry of all) {
    const outcome = await ledger.append(head, entry);
    if (outcome.type !== 'appended') throw new Error(outcome.type);
    head = outcome.head;
  }
  return ledger;
}

async function marksOf(all: readonly Entry[]): Promise<readonly HeadMark[]> {
  const events = await (await logOf(all)).events(CELL, { after: 0, limit: 1_000, order: 'forward' });
  return events.flatMap((event) => markOf(event) ?? []);
}

function anchor(name: string, marks: readonly HeadMark[], isWhole: boolean): CellAnchor {
  const within = (after: number, upTo: number) =>
    marks.filter(({ number }) => number > after && number <= upTo);
  return { name, isWhole, marks: async (after, upTo) => within(after, upTo) };
}

async function verified(all: readonly Entry[], anchors?: readonly CellAnchor[]) {
  const asked = anchors === undefined ? {} : { anchorsOf: async () => anchors };
  const { cells } = await verifyLedger({ ledger: await logOf(all), ...asked }, CELL);
  const [cell] = cells;
  if (cell === undefined) throw new Error('nothing was verified');
  return cell;
}

const FORGERIES = [
  ['a freeze that is blamed on somebody else', BLAMED],
  ['six events that were deleted, and their numbers used again', REUSED],
] as const;

describe.each(FORGERIES)('%s, with every hash recomputed', (_, forged) => {
  it('looks intact to the chain alone', async () => {
    expect(await verified(forged)).toMatchObject({ problems: [], anchors: [] });
  });

  it('is contradicted by the fence', async () => {
    const last = (await marksOf(TRUTH)).slice(-1);
    const found = await verified(forged, [anchor('the fence', last, false)]);
    const there = (await marksOf(forged)).at(-1)?.digits;
    expect(found.problems).toEqual([
      {
        number: 12,
        what: `event 12 is not the one that the fence knows: ${there} here, ${last[0]?.digits} there`,
      },
    ]);
  });

  it('is contradicted by a bucket, event by event from the first that was changed', async () => {
    const found = await verified(forged, [anchor('the bucket', await marksOf(TRUTH), true)]);
    const first = forged === BLAMED ? FREEZE : 7;
    expect(found.problems.map(({ number }) => number)).toEqual(
      Array.from({ length: 13 - first }, (__, index) => first + index),
    );
    expect(found.anchors).toMatchObject([{ compared: first - 1, newest: first - 1, without: 0, said: 0 }]);
  });
});

describe('a log', () => {
  it('is borne out by its anchors, which say how far they reach', async () => {
    const all = await marksOf(TRUTH);
    const anchors = [anchor('the fence', all.slice(8, 9), false), anchor('the bucket', all.slice(2), true)];
    expect(await verified(TRUTH, anchors)).toMatchObject({
      problems: [],
      anchors: [
        { anchor: 'the fence', compared: 1, newest: 9, without: 0 },
        { anchor: 'the bucket', compared: 10, newest: 12, without: 2 },
      ],
    });
  });

  it('that ends before what an anchor knows has lost events', async () => {
    const last = (await marksOf(TRUTH)).slice(-1);
    const found = await verified(SHORTENED, [anchor('the fence', last, false)]);
    expect(found.problems).toEqual([
      { number: 12, what: `the fence knows event 12 (${last[0]?.digits}), and the log ends at 6` },
    ]);
  });

  it('that says itself what it lost has no problem with it', async () => {
    const [mark] = (await marksOf(TRUTH)).slice(-1);
    if (mark === undefined) throw new Error('there is no mark');
    const event: LedgerEvent = { type: 'LogContradicted', ...mark };
    const said = [...SHORTENED, { event, at: FIRST_AT + 60_000, by: 'enactor-a' }];
    expect(await verified(said, [anchor('the fence', [mark], false)])).toMatchObject({
      problems: [],
      anchors: [{ compared: 0, said: 1 }],
    });
    const [other] = (await marksOf(TRUTH)).slice(-2);
    if (other === undefined) throw new Error('there is no mark');
    expect((await verified(said, [anchor('the fence', [other], false)])).problems).toHaveLength(1);
  });
});

describe('the fence as an anchor', () => {
  const unreachable = (): Zone => {
    throw new ZoneUnavailable('Route 53 cannot be reached.');
  };

  it('says why nothing can be compared with it', async () => {
    const reasonFor = async (all: readonly Entry[]) => {
      const ledger = await logOf(all);
      return (await fenceAnchor(ledger, unreachable, CELL)).unknown;
    };
    expect(await reasonFor(TRUTH)).toBe('no fleet has been pushed, so there is no fence');
    expect(await reasonFor(entries(1, () => fleetDeclared()))).toBe(
      'its zone cannot be read (Route 53 cannot be reached)',
    );
    const silent: CellAnchor = { ...anchor('the fence', [], false), unknown: 'it is of version 1' };
    expect(await verified(BLAMED, [silent])).toMatchObject({
      problems: [],
      anchors: [{ anchor: 'the fence', unknown: 'it is of version 1', compared: 0 }],
    });
  });
});
