import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../lib/simulator/engine/scenario.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { VARIABLES } from './abstraction.ts';
import type { ModelSize } from './sizes.ts';
import { FIRST_SIZE, FREEZE_LATE_SIZE, FREEZE_SIZE, LATE_SIZE, RETIRED_SIZE, USUAL_SIZE } from './sizes.ts';
import { reachableStates } from './spin.ts';
import type { Reached } from './walks.ts';
import {
  abstractStatesOf,
  abstractStatesOfBroken,
  FIRST_PLANS,
  FREEZE_AND_THAW,
  PLAN_AND_ROLLBACK,
  ROLLBACK_TO_RETIRED,
  TWO_PLANS,
} from './walks.ts';

/** A bug put into the production code from outside. */
type Bug = 'silent janitor' | 'no wait' | 'newest first' | 'fence is enough';
const broken = vi.hoisted(() => ({ bug: 'none' as string }));

vi.mock('../../lib/ledger/execute.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../lib/ledger/execute.ts')>();
  const executeAt: typeof real.executeAt = async (ledger, head, occasion, command) =>
    broken.bug === 'silent janitor' && command.type === 'RetireTrees'
      ? { type: 'appended', head }
      : real.executeAt(ledger, head, occasion, command);
  return { ...real, executeAt };
});

vi.mock('../../lib/cell/insync.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../lib/cell/insync.ts')>();
  const awaitInsync: typeof real.awaitInsync = async (...given) =>
    broken.bug === 'no wait' ? { type: 'insync' } : real.awaitInsync(...given);
  return { ...real, awaitInsync };
});

vi.mock('../../lib/cell/choose-goal.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../lib/cell/choose-goal.ts')>();
  const goalOf: typeof real.goalOf = async (logged, ...given) =>
    broken.bug === 'newest first' ? (logged.state.goal ?? undefined) : real.goalOf(logged, ...given);
  return { ...real, goalOf };
});

vi.mock('../../lib/cell/standing.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../lib/cell/standing.ts')>();
  const standingOf: typeof real.standingOf = (reading, state, order) =>
    real.standingOf(reading, broken.bug === 'fence is enough' ? { ...state, frozen: null } : state, order);
  return { ...real, standingOf };
});

/** Orders that each world is played in. */
const RUNS = 3_000;
/** Listing a model's states, and playing, on two busy cores, milliseconds. */
const PATIENCE_MS = 900_000;

const models = new Map<string, ReadonlySet<string>>();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-model-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  broken.bug = 'none';
});

/** All that the model does at these sizes; each is listed once. */
async function modelOf(sizes: readonly ModelSize[]): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (const size of sizes) {
    const states = models.get(size.name) ?? (await reachableStates(folder, size));
    models.set(size.name, states);
    for (const state of states) all.add(state);
  }
  return all;
}

async function play(scenario: Scenario, runs: number): Promise<ReadonlyMap<string, Reached>> {
  return abstractStatesOf(await prepareStage(scenario), runs);
}

async function playBroken(scenario: Scenario, bug: Bug, runs: number): Promise<ReadonlyMap<string, Reached>> {
  const stage = await prepareStage(scenario);
  broken.bug = bug;
  return abstractStatesOfBroken(stage, runs);
}

/** The first few that the model does not have, with how the code came there. */
function outside(reached: ReadonlyMap<string, Reached>, model: ReadonlySet<string>): readonly string[] {
  return [...reached.values()]
    .filter(({ state }) => !model.has(state))
    .sort((a, b) => a.steps.length - b.steps.length)
    .slice(0, 2)
    .map(({ state, seed, steps }) => {
      const values = state.split(' ');
      const named = VARIABLES.map((variable, index) => `${variable}=${values[index]}`);
      return [`seed ${seed}: ${named.join(', ')}`, ...steps].join('\n  ');
    });
}

const MATCHES: readonly {
  readonly scenario: Scenario;
  readonly sizes: readonly ModelSize[];
  readonly atLeast: number;
}[] = [
  { scenario: FIRST_PLANS, sizes: [FIRST_SIZE], atLeast: 60 },
  { scenario: TWO_PLANS, sizes: [USUAL_SIZE, LATE_SIZE], atLeast: 60 },
  { scenario: PLAN_AND_ROLLBACK, sizes: [USUAL_SIZE, LATE_SIZE], atLeast: 60 },
  { scenario: FREEZE_AND_THAW, sizes: [FREEZE_SIZE, FREEZE_LATE_SIZE], atLeast: 90 },
  { scenario: ROLLBACK_TO_RETIRED, sizes: [RETIRED_SIZE], atLeast: 20 },
];

describe('the production code does nothing that the model does not', () => {
  for (const { scenario, sizes, atLeast } of MATCHES) {
    it(
      scenario.name,
      async () => {
        const model = await modelOf(sizes);
        const reached = await play(scenario, RUNS);
        expect(outside(reached, model)).toEqual([]);
        expect(reached.size).toBeGreaterThanOrEqual(atLeast);
      },
      PATIENCE_MS,
    );
  }
});

describe('a bug that leaves the model is found', () => {
  const BUGS: readonly {
    readonly bug: Bug;
    readonly what: string;
    readonly scenario: Scenario;
    /** Orders that are enough to meet it. */
    readonly runs: number;
  }[] = [
    { bug: 'silent janitor', what: 'a janitor that appends no TreesRetired', scenario: TWO_PLANS, runs: 200 },
    { bug: 'no wait', what: 'a flip before INSYNC', scenario: TWO_PLANS, runs: 200 },
    {
      bug: 'newest first',
      what: 'a routine plan that displaces a staged one',
      scenario: TWO_PLANS,
      runs: 200,
    },
    {
      bug: 'fence is enough',
      what: 'a freeze in the log that enactors ignore',
      scenario: FREEZE_AND_THAW,
      runs: RUNS,
    },
  ];
  for (const { bug, what, scenario, runs } of BUGS) {
    it(
      what,
      async () => {
        const sizes = MATCHES.find((match) => match.scenario === scenario)?.sizes ?? [];
        const model = await modelOf(sizes);
        expect(outside(await playBroken(scenario, bug, runs), model)).not.toEqual([]);
      },
      PATIENCE_MS,
    );
  }

  it(
    'a world that the abstraction reads wrongly',
    async () => {
      const model = await modelOf([USUAL_SIZE, LATE_SIZE]);
      const reached = await play(TWO_PLANS, 1);
      const wrong = new Map(
        [...reached.values()].map(({ state, ...how }) => {
          const [generation, seq, ...others] = state.split(' ');
          const altered = [generation, Number(seq) + 1, ...others].join(' ');
          return [altered, { state: altered, ...how }];
        }),
      );
      expect(outside(wrong, model)).not.toEqual([]);
    },
    PATIENCE_MS,
  );
});
