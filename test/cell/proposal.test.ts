import { describe, expect, it } from 'vitest';
import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import type { Proposal, ProposalRequest, ProposedPlan } from '../../lib/cell/proposal.ts';
import { commandToAppend, judge, propose } from '../../lib/cell/proposal.ts';
import type { CellState } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { Observations } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { apiFleet, desiredOf, planOf } from '../plan/given-fleet.ts';
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
  };
}

function proposing(cell: CellKnowledge, more: Partial<ProposalRequest> = {}): Proposal {
  const endpoints = desiredEndpoints(cell.desired);
  return propose(cell, { endpoints, origin: 'planner', claimed: new Map(), now: NOW, ...more });
}

function proposed(...given: Parameters<typeof proposing>): ProposedPlan {
  const proposal = proposing(...given);
  if (proposal.type === 'fatal') throw new Error(proposal.fatal.code);
  return proposal.proposed;
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
    const { plan, newTrees } = proposed(cell, { origin: 'rollback', others: [before] });
    expect(plan.endpoints[0]?.tree).toBe(before.endpoints[0]?.tree);
    expect(newTrees).toEqual({});
  });

  it('is none when a finding is fatal', () => {
    const claimed = new Map([[dnsName('api.example.test'), SCOPE.cell]]);
    const taken = proposing(known({}), { claimed });
    expect(taken).toMatchObject({ type: 'fatal', fatal: { severity: 'fatal' } });
    expect(taken.type === 'fatal' && taken.findings).toContain(
      taken.type === 'fatal' ? taken.fatal : undefined,
    );
  });
});

describe('a proposal that takes more than the policy lets go', () => {
  it('is held when the planner or a person with a file makes it', () => {
    for (const origin of ['planner', 'operator'] as const) {
      const { disposition, findings } = proposed(known({ observations: TWO_LESS }), { origin });
      expect(disposition).toBe('held');
      expect(findings).toContainEqual(expect.objectContaining({ severity: 'held' }));
    }
  });

  it('is approved by the order when it is a rollback, and says so in notes', () => {
    const { disposition, findings } = proposed(known({ observations: TWO_LESS }), { origin: 'rollback' });
    expect(disposition).toBe('approved');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ severity }) => severity === 'note')).toBe(true);
  });

  it('is approved when it takes less', () => {
    expect(proposed(known({ observations: ONE_LESS })).disposition).toBe('approved');
  });
});

describe('the lane of a proposal', () => {
  it('is urgent for a person, and for an order that the planner carries out', () => {
    expect(proposed(known({ observations: ONE_LESS })).lane).toBe('routine');
    expect(proposed(known({ drained: ['t4'] })).lane).toBe('urgent');
    for (const origin of ['operator', 'rollback'] as const)
      expect(proposed(known({ observations: ONE_LESS }), { origin }).lane).toBe('urgent');
  });
});

it('says of a blind source to the planner alone: a person wrote the plan without it', () => {
  const codesOf = (origin: ProposalRequest['origin']) => {
    const proposal = proposing(known({ observations: THREE_LESS }), { origin });
    const findings = proposal.type === 'fatal' ? proposal.findings : proposal.proposed.findings;
    return findings.map(({ code }) => code);
  };
  expect(codesOf('planner')).toContain('observer-blind');
  expect(codesOf('operator')).not.toContain('observer-blind');
  expect(codesOf('rollback')).not.toContain('observer-blind');
});

it('judges what a change counts against: what the facts and the removals before it say', () => {
  const endpoints = desiredEndpoints(desiredOf(CAREFUL, { observations: ONE_LESS }));
  const judged = (state: Partial<CellState>) =>
    judge(known({ state }), { endpoints, claimed: new Map(), now: NOW }).findings.map(
      ({ severity }) => severity,
    );
  expect(judged({})).not.toContain('held');
  expect(judged({ removals: [{ at: NOW - 1_000, permille: 200 }] })).toContain('held');
  const facts = { records: 10_000, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
  expect(judged({ facts })).toContain('fatal');
});

it('enters the log by one command, which pauses the planner when a person made it', () => {
  const made = proposed(known({ observations: ONE_LESS }));
  const { plan, ...rest } = made;
  const command = { type: 'AppendPlan', generation: 10, parent: 7, ...rest };
  expect(commandToAppend(made, 'planner')).toEqual({ ...command, origin: 'planner', pausesPlanner: false });
  for (const origin of ['operator', 'rollback', 'rescue'] as const)
    expect(commandToAppend(made, origin)).toEqual({ ...command, origin, pausesPlanner: true });
});
