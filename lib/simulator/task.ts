import { CAMPAIGN } from './engine/campaign-scenarios.ts';
import { NO_FAULTS } from './engine/decision.ts';
import { HANDOVER_CAMPAIGN } from './engine/handover-scenarios.ts';
import { prepareStage } from './engine/scenario.ts';
import { scenarioNamed } from './engine/scenarios.ts';
import { isReducible, searchReduced } from './model-checker/reduced-search.ts';
import { searchStepByStep } from './model-checker/step-search.ts';
import type { CampaignFailure, StrategyName } from './random/campaign.ts';
import { campaign } from './random/campaign.ts';
import { shrink } from './random/shrink.ts';

/** The work of one worker. It is plain data, so that it can be sent to another thread. */
export type SimulationTask =
  | {
      readonly type: 'campaign';
      readonly strategy: StrategyName;
      /** One scenario by name; absent for all of them. */
      readonly scenario?: string;
      /** All scenarios of a zone of two cells, in the place of those of one. */
      readonly cells?: 2;
      readonly firstSeed: number;
      readonly stride: number;
      readonly seconds: number;
      /** The number of decisions after which the task ends before its time. */
      readonly decisionsMax?: number;
      /** Whether every batch is held against the steps of the proof; true unless given. */
      readonly isRefined?: boolean;
      /** Whether the run that breaks a rule is made shorter; true unless given. Up to 1,500 runs, whose line nobody may want. */
      readonly isShrunk?: boolean;
    }
  | {
      readonly type: 'search';
      readonly scenario: string;
      /** The largest number of faults in one run. */
      readonly faults: number;
      /** Every call is a decision of its own, and no actor is interrupted more often than this. */
      readonly preemptions?: number;
      readonly seconds: number;
      /** Whether every batch is held against the steps of the proof; true unless given. */
      readonly isRefined?: boolean;
      /** Whether the run that breaks a rule is made shorter; true unless given. Up to 1,500 runs, whose line nobody may want. */
      readonly isShrunk?: boolean;
    };

export interface SimulationProgress {
  readonly runs: number;
  readonly states: number;
  readonly decisions: number;
}

export interface SimulationReport extends SimulationProgress {
  readonly task: SimulationTask;
  /** True when a search has seen every state. A campaign has no end of its own. */
  readonly complete: boolean;
  readonly quietCalls: number;
  readonly medianDecisions?: number;
  readonly sightings: Readonly<Record<string, number>>;
  readonly milliseconds: number;
  readonly failure?: Omit<CampaignFailure, 'seed'> & { readonly seed?: number };
}

const PROGRESS_EVERY_MS = 500;

/**
 * Performs a task from its beginning to its end.
 *
 * @param now the time of a real clock, in milliseconds. It decides when the task ends, and nothing else.
 */
export async function performTask(
  task: SimulationTask,
  now: () => number,
  told: (progress: SimulationProgress) => void,
): Promise<SimulationReport> {
  const began = now();
  let toldAt = began;
  const isLate = (progress: SimulationProgress): boolean => {
    if (now() - toldAt >= PROGRESS_EVERY_MS) {
      toldAt = now();
      told(progress);
    }
    return now() - began >= task.seconds * 1_000;
  };
  const report = task.type === 'campaign' ? await runCampaign(task, isLate) : await runSearch(task, isLate);
  return { ...report, task, milliseconds: now() - began };
}

type Findings = Omit<SimulationReport, 'task' | 'milliseconds'>;

async function runCampaign(
  task: SimulationTask & { readonly type: 'campaign' },
  isLate: (progress: SimulationProgress) => boolean,
): Promise<Findings> {
  const { strategy, firstSeed, stride, isRefined, isShrunk, decisionsMax = Number.POSITIVE_INFINITY } = task;
  const all = task.cells === 2 ? HANDOVER_CAMPAIGN : CAMPAIGN;
  const scenarios = task.scenario === undefined ? all : [scenarioNamed(task.scenario)];
  const result = await campaign({
    scenarios,
    strategy,
    firstSeed,
    stride,
    isRefined,
    isShrunk,
    stop: (counts) => isLate(counts) || counts.decisions >= decisionsMax,
  });
  return { ...result, complete: false };
}

async function runSearch(
  task: SimulationTask & { readonly type: 'search' },
  isLate: (progress: SimulationProgress) => boolean,
): Promise<Findings> {
  const { preemptions, faults, isRefined, isShrunk = true } = task;
  const scenario = scenarioNamed(task.scenario);
  const { returns } = scenario.budget;
  const stage = await prepareStage(
    { ...scenario, budget: { ...NO_FAULTS, faults, returns } },
    { forgets: true, isRefined },
  );
  let late = false;
  const watch = {
    stop: () => late,
    progress: (states: number, decisions: number, runs: number) => {
      late = isLate({ runs, states, decisions });
    },
  };
  const isWhole = preemptions === undefined && isReducible(stage.scenario);
  const result = isWhole
    ? await searchReduced(stage, watch)
    : await searchStepByStep(stage, { ...watch, ...(preemptions === undefined ? {} : { preemptions }) });
  const { states, decisions, endings, complete, violation } = result;
  const findings: Findings = {
    ...{ runs: endings, states, decisions, complete },
    ...{ quietCalls: 0, sightings: stage.sightings.counts() },
  };
  if (violation === undefined) return findings;
  const { message, choices } = violation;
  const found = { scenario: task.scenario, searched: true, choices };
  const line = isShrunk ? await shrink(stage, found, message) : found;
  return { ...findings, failure: { message, line } };
}
