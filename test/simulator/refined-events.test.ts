import { describe, expect, it } from 'vitest';
import { COMMAND_OF } from '../../lib/ledger/decider/commands.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { evolve } from '../../lib/ledger/decider/evolve.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import type { Head } from '../../lib/ledger/ledger.ts';
import { seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { offerName, ownedSubtree } from '../../lib/plan/owned-names.ts';
import { shortDigest } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { EVENTS } from '../../lib/proof/cells/event-steps.ts';
import type { RefinedEvent } from '../../lib/simulator/checkers/refined-event.ts';
import type { EventVerdict } from '../../lib/simulator/checkers/refined-event-match.ts';
import { eventVerdict } from '../../lib/simulator/checkers/refined-event-match.ts';
import { EVENT_MEANINGS } from '../../lib/simulator/checkers/refined-event-types.ts';
import { fenceMark } from '../../lib/simulator/checkers/refined-fences.ts';
import { refinedZone } from '../../lib/simulator/checkers/refined-zone.ts';
import {
  CELL,
  digestOf,
  LEDGER,
  planAppended,
  planApplied,
  planStaged,
  ZONE,
} from '../support/ledger-events.ts';

const SCOPE = { cell: CELL, zone: ZONE, zoneId: 'Z1' };
const API = dnsName('api.example.test');
const FORMAT = 6;
const OTHER = cellName('use1-b');

describe('each type of event', () => {
  it('is a step of the theory, or has a reason why it is none', () => {
    expect(Object.keys(EVENT_MEANINGS).sort()).toEqual(Object.keys(COMMAND_OF).sort());
    const known = EVENTS.map(({ name }) => name);
    for (const meaning of Object.values(EVENT_MEANINGS)) {
      if ('none' in meaning) expect(meaning.none).toMatch(/^[A-Z].*\.$/);
      else expect(known).toEqual(expect.arrayContaining([...meaning.steps]));
    }
  });

  it('leaves no event of the theory without one', () => {
    const meant = new Set(
      Object.values(EVENT_MEANINGS).flatMap((each) => ('none' in each ? [] : each.steps)),
    );
    expect(EVENTS.map(({ name }) => name).filter((name) => !meant.has(name))).toEqual([]);
  });
});

describe('an event that is a step of the theory', () => {
  it.each<readonly [string, readonly LedgerEvent[], readonly string[]]>([
    ['a plan', [planAppended(1)], ['append-plan']],
    ['a staging that is recorded', [planAppended(1), planStaged(1, 'g000001.api')], ['record-staging']],
    [
      'a flip that is recorded',
      [planAppended(1), planApplied(1, 7, { changeId: 'S1' })],
      ['record-fence', 'record-applied'],
    ],
    [
      'a flip that is recorded late',
      [planAppended(1), planApplied(1, 7, { changeId: 'S1' }), planApplied(1, 6, { changeId: 'S1' })],
      ['record-fence'],
    ],
    ['an adopted name', [{ type: 'EndpointAdopted', name: API, was: [] }], ['adopt']],
    ['a freeze', [{ type: 'CellFrozen', reason: 'maintenance' }], []],
  ])('%s', (_, events, steps) => {
    expect(verdictOf(events)).toEqual({ steps, failing: '' });
  });
});

describe('an event that is no step of the theory lacks a guard', () => {
  const retired = { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(7) } satisfies LedgerEvent;
  it.each<readonly [string, readonly LedgerEvent[], string]>([
    ['a wanted tree retired', [planAppended(1), retired], 'retires-what-is-spare'],
    [
      'a retired tree planned again',
      [planAppended(1), planAppended(2), retired, again(3, 1)],
      'needs-what-is-listed',
    ],
    ['a change that staged nothing', [planAppended(1), planStaged(1, 'g000001.other')], 'change-has-it'],
    ['a change that nobody made', [planAppended(1), planApplied(1, 7)], 'change-came-after'],
    ['a seq that nobody wrote', [planAppended(1), planApplied(1, 8, { changeId: 'S1' })], 'fence-has-stood'],
    ['a plan whose trees the log does not list', [planAppended(1, { newTrees: {} })], '"listed" otherwise'],
  ])('%s', (_, events, lacking) => {
    expect(verdictOf(events).failing).toContain(lacking);
  });

  it('an offer ended while it stands, while somebody can make it still, or of what has gone', () => {
    const given: readonly LedgerEvent[] = [
      planAppended(1),
      planApplied(1, 7, { changeId: 'S1' }),
      { type: 'EndpointsOffered', names: [API], to: OTHER, ledger: LEDGER },
      { type: 'OffersWithdrawn', names: [API] },
      { type: 'OffersEnded', names: [API] },
    ];
    const pointed = [alias(API, treeOf(1))];
    expect(verdictOf(given, { records: pointed })).toEqual({ steps: ['end-offer'], failing: '' });
    const heard = [new Set(['api'])];
    expect(verdictOf(given, { records: pointed, offerable: heard }).failing).toContain('nobody-makes-one');
    expect(verdictOf(given, { records: [] }).failing).toContain('is-its-own-still');
    const offer: RecordSet = {
      name: offerName(API, SCOPE),
      type: 'TXT',
      ttl: 60,
      values: ['"v1 to=use1-b ledger=5be1c07a"'],
    };
    expect(verdictOf(given, { records: [...pointed, offer] }).failing).toContain('no-offer-stands');
    const unwithdrawn = given.filter(({ type }) => type !== 'OffersWithdrawn');
    expect(verdictOf(unwithdrawn, { records: pointed }).failing).toContain('nobody-makes-one');
  });
});

/** A plan that has the tree of an earlier one. */
function again(number: number, earlier: number) {
  return planAppended(number, { digest: digestOf(earlier), newTrees: {} });
}

function treeOf(generation: number) {
  return dnsName(`g00000${generation}.api.${ownedSubtree(SCOPE)}`);
}

function alias(name: RecordSet['name'], target: RecordSet['name']): RecordSet {
  return { name, type: 'A', alias: { name: target, zoneId: 'Z1', evaluateTargetHealth: false } };
}

/** What is said of the last of these events, where the change S1 made the tree of the first plan under the fence of seq 7. */
function verdictOf(
  events: readonly LedgerEvent[],
  {
    records = [],
    offerable = [],
  }: { records?: readonly RecordSet[]; offerable?: RefinedEvent['offerable'] } = {},
): EventVerdict {
  let before = head(0, { ...initialState(CELL, LEDGER), format: FORMAT });
  let after = before;
  for (const event of events) {
    before = after;
    const number = before.number + 1;
    const state = evolve(before.state, event, { at: number, by: 'somebody' });
    const recorded = { cell: CELL, number, at: number, by: 'somebody', event };
    const last = { ...recorded, previous: before.hash, hash: `${number}` };
    after = { ...head(number, state), last };
  }
  const trees = new Map(
    [1, 2, 3].map((number) => [digestOf(number), { tree: treeOf(number), label: `g00000${number}.api` }]),
  );
  return eventVerdict({
    scope: SCOPE,
    scopes: [SCOPE, { ...SCOPE, cell: OTHER }],
    ...{ before, head: after, offerable, touched: new Set(), isReturned: false },
    stood: [6, 7].map((at) => ({
      text: `${at}`,
      key: `${at}`,
      mark: fenceMark(at, 1, shortDigest(digestOf(1))),
    })),
    zone: refinedZone(records, SCOPE),
    planOf: (digest) => {
      const { tree = '', label = '' } = trees.get(digest) ?? {};
      return { trees: new Map([[`${API} A`, tree]]), parts: new Map([[tree, label]]) };
    },
    changes: new Map([
      [
        'S1',
        {
          zone: refinedZone([{ name: treeOf(1), type: 'A', ttl: 60, values: ['192.0.2.1'] }], SCOPE),
          ...{ touched: new Set<string>(), seq: 7, movedAt: 7 },
        },
      ],
    ]),
  });
}

function head(number: number, state: Head['state']): Head {
  return { cell: CELL, number, hash: `${number}`, state };
}
