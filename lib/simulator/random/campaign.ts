import type { PlaySettings } from '../engine/play-settings.ts';
import type { Scenario, Stage } from '../engine/scenario.ts';
import { prepareStage } from '../engine/scenario.ts';
import { createSightings } from '../engine/sightings.ts';
import { createStateSet } from '../engine/state-set.ts';
import { pct } from './pct.ts';
import { playRun } from './play-run.ts';
import { randomWalk } from './random-walk.ts';
import type { ReplayLine } from './replay-line.ts';
import { shrink } from './shrink.ts';
import type { Strategy } from './strategy.ts';

/** `mixed`: every second seed is a random walk, the others are PCT with d = 2 to 6. */
export type StrategyName = 'random' | 'pct' | 'mixed';

export interface CampaignSettings {
  readonly scenarios: readonly Scenario[];
  readonly strategy: StrategyName;
  readonly firstSeed: number;
  /** The distance from one seed to the next: the number of workers. */
  readonly stride: number;
  /** Asked after every run. */
  readonly stop: (soFar: CampaignCounts) => boolean;
  /** Whether every batch is held against the steps of the proof; true unless given. */
  readonly isRefined?: boolean | undefined;
  /** Whether the run that breaks a rule is made shorter; true unless given. */
  readonly isShrunk?: boolean | undefined;
}

export interface CampaignCounts {
  readonly runs: number;
  /** The number of decisions in the fault phases alone. */
  readonly decisions: number;
  /** The number of port calls in the quiet phases. */
  readonly quietCalls: number;
  /** The number of shared states in which runs ended, each counted once. */
  readonly states: number;
}

export interface CampaignResult extends CampaignCounts {
  /** The number of decisions in the run of median length. */
  readonly medianDecisions: number;
  readonly sightings: Readonly<Record<string, number>>;
  readonly failure?: CampaignFailure;
}

export interface CampaignFailure {
  readonly seed: number;
  readonly message: string;
  /** The line of the run, shrunk where that was asked for. */
  readonly line: ReplayLine;
}

/**
 * Plays one run for each seed until it is stopped or a run fails. A seed determines its scenario, strategy and choices.
 */
export async function campaign(settings: CampaignSettings): Promise<CampaignResult> {
  const { scenarios, firstSeed, stride, isRefined, isShrunk = true, stop } = settings;
  const sightings = createSightings();
  // A campaign that ends soon needs few of them, and each takes as long as some runs.
  const stages = new Map<Scenario, Stage>();
  const stageOf = async (scenario: Scenario): Promise<Stage> => {
    const stage = stages.get(scenario) ?? (await prepareStage(scenario, { sightings, isRefined }));
    stages.set(scenario, stage);
    return stage;
  };
  const ends = createStateSet();
  const lengths: number[] = [];
  let decisions = 0;
  let quietCalls = 0;
  let failure: CampaignFailure | undefined;
  const counts = (): CampaignCounts => ({ runs: lengths.length, decisions, quietCalls, states: ends.size() });
  for (let seed = firstSeed; failure === undefined; seed += stride) {
    const scenario = scenarios[seed % scenarios.length];
    if (scenario === undefined) break;
    const stage = await stageOf(scenario);
    const winners = winnersOf(seed);
    const run = await playRun(stage, strategyOf(settings.strategy, seed), { winners });
    stage.behaviours.trim();
    lengths.push(run.decisions);
    decisions += run.decisions;
    quietCalls += run.quietCalls;
    ends.add(run.hash);
    if (run.violation !== undefined) {
      const { message } = run.violation;
      const found = { scenario: scenario.name, searched: false, winners, choices: run.choices };
      failure = { seed, message, line: isShrunk ? await shrink(stage, found, message) : found };
    }
    if (stop(counts())) break;
  }
  return {
    ...counts(),
    medianDecisions: median(lengths),
    sightings: sightings.counts(),
    ...(failure === undefined ? {} : { failure }),
  };
}

const PCT_DEPTHS = 5;
const PCT_DEPTH_LEAST = 2;

/** The strategy of a seed. */
export function strategyOf(name: StrategyName, seed: number): Strategy {
  const depth = PCT_DEPTH_LEAST + (seed % PCT_DEPTHS);
  if (name === 'random' || (name === 'mixed' && (seed >>> 4) % 2 === 0)) return randomWalk(seed);
  return pct(seed, depth);
}

/** Whether a lost append gets the head that won, in the run of a seed. */
export function winnersOf(seed: number): PlaySettings['winners'] {
  return (seed >>> 5) % 2 === 0 ? 'withheld' : 'given';
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >>> 1] ?? 0;
}
