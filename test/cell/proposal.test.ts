import { describe, expect, it } from 'vitest';
import { answersOf } from '../../lib/cell/accepted-answers.ts';
import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import type {
  Circumstances,
  PersonsAnswers,
  ProposalRequest,
  ProposedPlan,
} from '../../lib/cell/proposal.ts';
import { choose, chooseForPerson, commandToAppend, isAtGoal, propose } from '../../lib/cell/proposal.ts';
import type { CellState, PlanRef, RefusedEndpoint } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { Observations } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import { contentOf } from '../../lib/plan/make-plan.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, planOf, target } from '../plan/given-fleet.ts';
import { LEDGER } from '../support/ledger-events.ts';

const NOW = 1_790_000_000_000;
const CAREFUL = apiFleet(4, { capacityRemovedPercent: 30, endpointsChangedPercent: 100 });
const GOAL = planOf(desiredOf(CAREFUL), 7);

interface Given {
  readonly observations?: Observations;
  readonly drained?: readonly string[];
  readonly state?: Partial<CellState>;
}

/** The cell whose goal is plan 7, with one tree, of targets that were observed or taken out since. */
function known({ observations = {}, drained = [], state = {} }: Given): CellKnowledge {
  const endpoints = { api: { trees: ['g000007'] } };
  const head = {
    cell: SCOPE.cell,
    number: 20,
    hash: '0'.repeat(64),
    state: { ...initialState(SCOPE.cell, LEDGER), highest: 9, endpoints, ...state },
  };
  return {
    head,
    fleet: CAREFUL,
    scope: SCOPE,
    desired: desiredOf(CAREFUL, { observations, drained, base: GOAL }),
    applied: undefined,
    sheds: 0,
    earlier: undefined,
    wishes: new Map(),
    accepted: new Map(),
  };
}

const API = dnsName('api.example.test');
const REF: PlanRef = {
  generation: generation(7),
  digest: 'd',
  origin: 'planner',
  lane: 'routine',
  disposition: 'approved',
  at: NOW - 3_600_000,
  findings: 0,
  removedPermille: 0,
};

function refusal(more: Partial<RefusedEndpoint>): RefusedEndpoint {
  return {
    name: API,
    step: 'stage',
    generation: generation(7),
    reason: 'It is protected.',
    since: NOW,
    at: NOW,
    attempts: 1,
    fleet: null,
    asked: false,
    trying: null,
    ...more,
  };
}

const CIRCUMSTANCES: Circumstances = { claimed: new Map(), now: NOW };

/** What the planner proposes. */
function proposed(cell: CellKnowledge, circumstances = CIRCUMSTANCES): ProposedPlan {
  return propose(cell, { choice: choose(cell, circumstances), origin: 'planner' });
}

/** What a person proposes who asks for what the observations and orders of `cell` say. */
function asked(cell: CellKnowledge, more: Partial<PersonsAnswers & ProposalRequest> = {}): ProposedPlan {
  const { approved = new Set<DnsName>(), origin = 'rollback' as const } = more;
  const answers = answersOf(desiredEndpoints(cell.desired));
  const choice = chooseForPerson(cell, { asked: answers, approved }, CIRCUMSTANCES);
  return propose(cell, { choice, origin, ...more });
}

const ONE_LESS: Observations = { t4: { health: 'unhealthy', capacity: 100 } };
const TWO_LESS: Observations = { ...ONE_LESS, t3: { health: 'unhealthy', capacity: 100 } };
/** More than half at once: presumed to be the source's own blindness. */
const THREE_LESS: Observations = { ...TWO_LESS, t2: { health: 'unhealthy', capacity: 100 } };

describe('a proposal', () => {
  it('is of the next generation above everything seen, a child of the goal', () => {
    const { plan, digest, newTrees, summary } = proposed(known({ observations: ONE_LESS }));
    expect(plan).toMatchObject({ generation: 10, parent: 7, cell: SCOPE.cell });
    expect(digest).toBe(planDigest(plan));
    expect(newTrees).toEqual({ api: 'g000010' });
    expect(summary).toMatchObject({ endpoints: 1, changed: ['api.example.test'], removedPermille: 250 });
  });

  it('keeps a tree that has the same content, unless it was retired', () => {
    expect(proposed(known({})).newTrees).toEqual({});
    expect(proposed(known({ state: { endpoints: {} } })).newTrees).toEqual({ api: 'g000010' });
  });

  it('uses the tree of another plan again, if that is what a person goes back to', () => {
    const before = planOf(desiredOf(CAREFUL, { observations: ONE_LESS }), 6);
    const cell = known({
      observations: ONE_LESS,
      state: { endpoints: { api: { trees: ['g000006', 'g000007'] } } },
    });
    const { plan, newTrees } = asked(cell, { others: [before] });
    expect(plan.endpoints[0]?.tree).toBe(before.endpoints[0]?.tree);
    expect(newTrees).toEqual({});
  });

  it('goes on with the trees of the applied plan where the goal was refused', () => {
    const applied = planOf(desiredOf(CAREFUL), 5);
    const refused = [refusal({ generation: generation(7), at: NOW })];
    const endpoints = { api: { trees: ['g000005', 'g000007'] } };
    const goal = { ...REF, generation: generation(7) };
    const changed = planOf(desiredOf(CAREFUL, { observations: ONE_LESS, base: applied }), 7);
    const cell = known({ state: { endpoints, goal, refused } });
    const { plan, newTrees } = proposed({
      ...cell,
      applied,
      desired: { ...cell.desired, base: changed, observations: ONE_LESS },
    });
    expect(plan.endpoints[0]?.tree).toBe(applied.endpoints[0]?.tree);
    expect(newTrees).toEqual({});
  });
});

describe('a change that takes more than the policy lets go', () => {
  const cell = known({ observations: TWO_LESS });

  it('is kept back of what the planner asks, and of what a person asks who has not seen it', () => {
    for (const { plan, disposition, keptBack } of [proposed(cell), asked(cell)]) {
      expect(disposition).toBe('approved');
      expect(plan.endpoints[0]?.leaves.length).toBeGreaterThan(2);
      expect(keptBack).toMatchObject([
        { name: API, findings: [{ code: 'capacity-removed', severity: 'held' }] },
      ]);
    }
  });

  it('goes when a person has seen it, and says so in notes', () => {
    const { plan, disposition, keptBack, findings } = asked(cell, { approved: new Set([API]) });
    expect(disposition).toBe('approved');
    expect(keptBack).toEqual([]);
    expect(plan.endpoints[0]?.leaves.map(({ target }) => target)).toEqual(['t1', 't2']);
    expect(findings).toMatchObject([{ code: 'capacity-removed', severity: 'note' }]);
  });

  it('is held as a whole when a person asks for that', () => {
    const held = [{ code: 'capacity-removed', severity: 'held', subject: API }] as const;
    const { disposition, findings } = asked(cell, { held, approved: new Set([API]) });
    expect(disposition).toBe('held');
    expect(findings).toContainEqual(held[0]);
  });

  it('goes when it takes less', () => {
    expect(proposed(known({ observations: ONE_LESS })).keptBack).toEqual([]);
  });
});

describe('the lane of a proposal', () => {
  it('is urgent for a person, and for an order that the planner carries out', () => {
    expect(proposed(known({ observations: ONE_LESS })).lane).toBe('routine');
    expect(proposed(known({ drained: ['t4'] })).lane).toBe('urgent');
    for (const origin of ['operator', 'rollback', 'approval'] as const)
      expect(asked(known({ observations: ONE_LESS }), { origin }).lane).toBe('urgent');
  });
});

it('says of a blind source to the planner alone: a person asks for something of their own', () => {
  const cell = known({ observations: THREE_LESS });
  const codes = ({ keptBack }: ProposedPlan) =>
    keptBack.flatMap(({ findings }) => findings.map(({ code }) => code));
  expect(codes(proposed(cell))).toEqual(['observer-blind', 'capacity-removed']);
  expect(codes(asked(cell))).toEqual(['capacity-removed']);
});

it('judges a change by what was taken of the same endpoint before, and by the facts', () => {
  const keptBack = (state: Partial<CellState>) =>
    choose(known({ observations: ONE_LESS, state }), CIRCUMSTANCES).keptBack.flatMap(({ findings }) =>
      findings.map(({ code }) => code),
    );
  const removal = { at: NOW - 1_000, permille: 200 };
  expect(keptBack({})).toEqual([]);
  expect(keptBack({ capacityRemoved: { api: [removal] } })).toEqual(['capacity-removed']);
  expect(keptBack({ capacityRemoved: { web: [removal] } })).toEqual([]);
  expect(keptBack({ capacityRemoved: { api: [{ ...removal, at: NOW - 600_000 }] } })).toEqual([]);
  // Formats 1 and 2 do not say which endpoint lost it.
  expect(keptBack({ removals: [removal] })).toEqual(['capacity-removed']);
  const facts = { records: 10_000, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
  expect(keptBack({ facts })).toEqual(['zone-limit']);
});

it('is at the goal when it says what the goal says', () => {
  expect(isAtGoal(known({}), contentOf(GOAL))).toBe(true);
  expect(isAtGoal(known({}), [])).toBe(false);
});

it('enters the log by one command, which pauses the planner when a person asks for something of their own', () => {
  const made = proposed(known({ observations: ONE_LESS }));
  const { plan, ...rest } = made;
  const command = { type: 'AppendPlan', generation: 10, parent: 7, ...rest };
  for (const origin of ['planner', 'approval'] as const)
    expect(commandToAppend(made, origin)).toEqual({ ...command, origin, pausesPlanner: false });
  for (const origin of ['operator', 'rollback', 'rescue'] as const)
    expect(commandToAppend(made, origin)).toEqual({ ...command, origin, pausesPlanner: true });
});

it('an event names 100 notes at most, although each of 110 endpoints has one', () => {
  const names = Array.from({ length: 110 }, (_, index) => `e${index}.example.test`);
  const fleet = fleetOf(
    [target('t1', { ipv4: ['127.0.0.1'] })],
    names.map((name) => endpoint(name, ['t1'])),
    { endpointsChangedPercent: 100 },
  );
  const cell: CellKnowledge = { ...known({}), fleet, desired: desiredOf(fleet) };
  const choice = choose(cell, { claimed: new Map(), now: NOW });
  expect(choice.notes).toHaveLength(110);
  expect(propose(cell, { choice, origin: 'planner' }).findings).toHaveLength(100);
});
