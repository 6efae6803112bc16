import { describe, expect, it } from 'vitest';
import type { Situation } from '../../lib/enactor/next-step.ts';
import { nextStep } from '../../lib/enactor/next-step.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planDigest, shortDigest } from '../../lib/plan/plan.ts';
import { predictView } from '../../lib/plan/predicted-view.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { stateAfter } from '../ledger/decider/given.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { apiFleet, desiredOf, planOf } from '../plan/given-fleet.ts';
import { aliased, inPlace, plain } from '../plan/given-zone.ts';
import { LEDGER, planAppended, planApplied, planStaged } from '../support/ledger-events.ts';

const LIVE = planOf(desiredOf(apiFleet(2)));
const GOAL = planOf(desiredOf(apiFleet(3), { base: LIVE }), 2);
const NEW_TREE = GOAL.endpoints.flatMap((each) => treeRecords(each, SCOPE));
const APPENDED = [
  planAppended(1, { digest: planDigest(LIVE) }),
  planApplied(1, 4, { digest: planDigest(LIVE), rollbacks: { api: 'g000001' } }),
  planAppended(2, { digest: planDigest(GOAL) }),
];
const STAGED = [...APPENDED, planStaged(2, 'g000002.api')];

const FENCE: Fence = {
  generation: generation(1),
  seq: seq(4),
  plan: shortDigest(planDigest(LIVE)),
  frozen: false,
  ledger: LEDGER,
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};

/** What comes next when the zone was read to hold these records. */
function read(events: readonly LedgerEvent[], records: readonly RecordSet[], more: Partial<Situation> = {}) {
  return nextStep({
    scope: SCOPE,
    fence: FENCE,
    state: stateAfter(events),
    goal: GOAL,
    goalDigest: planDigest(GOAL),
    applied: LIVE,
    zone: { type: 'read', view: zoneView(records) },
    insync: new Set(),
    unknown: new Set(),
    refused: new Map(),
    hasWaited: false,
    gone: new Set(),
    ...more,
  });
}

/** What comes next when nothing but the log was read. */
function foretold(events: readonly LedgerEvent[], more: Partial<Situation> = {}) {
  const predicted = predictView(LIVE, GOAL, { api: 'g000001' }, SCOPE);
  if (predicted === undefined) throw new Error('the log says too little');
  return read(events, [], { zone: { type: 'predicted', ...predicted }, ...more });
}

describe('the next step when the zone was read', () => {
  it('is to stage a tree that is missing', () => {
    expect(read(APPENDED, inPlace(LIVE))).toMatchObject({
      type: 'stage',
      trees: [{ id: 'g000002.api' }],
    });
  });

  it('is to wait for the record of a tree that stands there without one, and then to assert it again', () => {
    const records = [...inPlace(LIVE), ...NEW_TREE];
    expect(read(APPENDED, records)).toEqual({ type: 'await-record' });
    expect(read(APPENDED, records, { hasWaited: true })).toMatchObject({
      type: 'assert-again',
      trees: [{ id: 'g000002.api' }],
    });
  });

  it('is to wait for what was staged, and to flip once that is everywhere', () => {
    const records = [...inPlace(LIVE), ...NEW_TREE];
    expect(read(STAGED, records)).toMatchObject({ type: 'await', changes: [{ changeId: 'S2' }] });
    expect(read(STAGED, records, { insync: new Set(['S2']) })).toMatchObject({
      type: 'flip',
      roots: { changed: ['api.example.test'] },
    });
  });

  it('is to repair a drifted tree before anything is staged or flipped, its change in sync or not', () => {
    const drifted = NEW_TREE.slice(1);
    for (const events of [APPENDED, STAGED]) {
      expect(read(events, [...inPlace(LIVE), ...drifted], { insync: new Set(['S2']) })).toMatchObject({
        type: 'repair',
      });
    }
  });

  it('is to stage a tree again that was staged and is gone', () => {
    expect(read(STAGED, inPlace(LIVE), { insync: new Set(['S2']) })).toMatchObject({ type: 'stage' });
  });

  it('is to leave out an endpoint at which a record of somebody else stands, before its tree is made', () => {
    const fresh = [planAppended(2, { digest: planDigest(GOAL) })];
    const there = [plain('api.example.test')];
    const step = read(fresh, there, { applied: undefined });
    const reason = expect.stringContaining('run "pawl adopt api.example.test"');
    expect(step).toEqual({
      type: 'leave-out',
      obstacles: [{ name: 'api.example.test', records: ['api.example.test A'], reason }],
    });
    const refused = new Map([
      [dnsName('api.example.test'), { step: 'conflict', reason: 'as shown' }],
    ] as const);
    expect(read(fresh, there, { applied: undefined, refused })).toEqual({
      type: 'blocked',
      endpoints: [{ name: 'api.example.test', reason: 'as shown' }],
    });
    // Once what stood there is gone, the endpoint goes on.
    expect(read(fresh, [], { applied: undefined, refused })).toMatchObject({ type: 'stage' });
  });
});

describe('an endpoint at which a record has a routing policy that this release cannot read', () => {
  const fixed: RecordSet = { ...plain('api.example.test'), setIdentifier: 'use1-az1' };
  const isFixed = expect.stringContaining('a routing policy that this release of Pawl cannot read');

  it('is left out where the record is its root', () => {
    const records = [...inPlace(LIVE).filter(({ name }) => name !== fixed.name), fixed, ...NEW_TREE];
    expect(read(STAGED, records)).toEqual({
      type: 'leave-out',
      obstacles: [{ name: fixed.name, records: ['api.example.test A'], reason: isFixed }],
    });
  });

  it('is left out where the record is in its tree, and its root does not go there', () => {
    const [leaf] = NEW_TREE;
    if (leaf === undefined) throw new Error('the tree is empty');
    const { weight: _, ...inTree } = { ...leaf, setIdentifier: 'use1-az1' };
    const records = [...inPlace(LIVE), ...NEW_TREE, inTree];
    const [obstacle] = [{ name: fixed.name, records: [`${leaf.name} A`], reason: isFixed }];
    expect(read(STAGED, records)).toEqual({ type: 'leave-out', obstacles: [obstacle] });
    const refused = new Map([[fixed.name, { step: 'conflict', reason: 'as shown' }]] as const);
    expect(read(STAGED, records, { refused, insync: new Set(['S2']) })).toEqual({
      type: 'blocked',
      endpoints: [{ name: fixed.name, reason: 'as shown' }],
    });
  });
});

describe('the next step at the goal', () => {
  const atGoal = { ...FENCE, generation: generation(2), seq: seq(5), plan: shortDigest(planDigest(GOAL)) };
  const applied = [...STAGED, planApplied(2, 5, { digest: planDigest(GOAL) })];
  const there = [...inPlace(GOAL)];

  it('is nothing when the zone is as the plan says', () => {
    expect(read(applied, there, { fence: atGoal, applied: GOAL })).toEqual({ type: 'converged' });
  });

  it('is to flip when a root went elsewhere', () => {
    const moved = there.map((record) =>
      record.name === 'api.example.test' ? aliased(record.name, 'www.example.test') : record,
    );
    expect(
      read(applied, [...moved, plain('www.example.test')], { fence: atGoal, applied: GOAL }),
    ).toMatchObject({
      type: 'flip',
      roots: { changed: ['api.example.test'] },
    });
  });

  it.each<readonly [string, Partial<Fence>]>([
    ['names no plan', { plan: NO_PLAN }],
    ['names another plan', { plan: 'aaaaaaaaaaaa' }],
    ['is behind what the log knows', { seq: seq(3) }],
    ['is of an older generation', { generation: generation(1) }],
  ])('is to flip, though every root is right, when the fence %s', (_, fence) => {
    const step = read(applied, there, { fence: { ...atGoal, ...fence }, applied: GOAL });
    expect(step).toMatchObject({ type: 'flip', roots: { groups: [] } });
  });
});

describe('the next step when only the log was read', () => {
  it('is to stage what is newer than the fence, which was never live', () => {
    expect(foretold(APPENDED)).toMatchObject({ type: 'stage', trees: [{ id: 'g000002.api' }] });
  });

  it('is to wait and then to flip what was staged', () => {
    expect(foretold(STAGED)).toMatchObject({ type: 'await' });
    expect(foretold(STAGED, { insync: new Set(['S2']) })).toMatchObject({
      type: 'flip',
      roots: { changed: ['api.example.test'], rollbacks: { api: 'g000001' } },
    });
  });

  it('is to read the zone when the goal has an older tree, which may have been retired or altered', () => {
    const older = {
      ...GOAL,
      endpoints: GOAL.endpoints.map((each) => ({
        ...each,
        tree: dnsName('g000001.api.use1-a._pawl.example.test'),
      })),
    };
    const other = {
      ...LIVE,
      endpoints: LIVE.endpoints.map((each) => ({
        ...each,
        tree: dnsName('g000002.api.use1-a._pawl.example.test'),
      })),
    };
    const predicted = predictView(other, older, { api: 'g000001' }, SCOPE);
    if (predicted === undefined) throw new Error('the log says too little');
    const fence = { ...FENCE, generation: generation(2) };
    const step = read(APPENDED, [], {
      fence,
      goal: older,
      applied: other,
      zone: { type: 'predicted', ...predicted },
    });
    expect(step).toEqual({ type: 'read-zone' });
  });
});
