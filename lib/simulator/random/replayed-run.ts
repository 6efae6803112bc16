import type { PlayedStep } from '../engine/playing.ts';
import type { Stage, StageSettings } from '../engine/scenario.ts';
import { prepareStage } from '../engine/scenario.ts';
import { scenarioNamed } from '../engine/scenarios.ts';
import type { RunResult } from './play-run.ts';
import { playRun } from './play-run.ts';
import type { ReplayLine } from './replay-line.ts';
import { settingsOf } from './replay-line.ts';
import { replayed } from './replayed-choices.ts';

/** A run that was played again, step by step. */
export interface Replayed {
  readonly result: RunResult;
  readonly steps: readonly PlayedStep[];
}

/** Plays the run that a line names. The same line is the same run, in any process. */
export async function replay(line: ReplayLine, settings?: StageSettings): Promise<Replayed> {
  return replayOn(await prepareStage(scenarioNamed(line.scenario), settings), line);
}

export async function replayOn(stage: Stage, line: ReplayLine): Promise<Replayed> {
  const steps: PlayedStep[] = [];
  const result = await playRun(stage, replayed(line.choices), settingsOf(line), (step) => steps.push(step));
  return { result, steps };
}

/** The steps for a reader: one line for each, and a blank line where another actor takes over. */
export function timeline(steps: readonly PlayedStep[]): string {
  const width = Math.max(0, ...steps.map(({ actor }) => actor.length));
  let last = '';
  const lines = steps.map(({ decision, actor, site, detail, answer }, index) => {
    const gap = last !== '' && last !== actor ? '\n' : '';
    last = actor;
    const what = WORDS[decision.type];
    const end = answer === '' ? '' : ` -> ${answer}`;
    return `${gap}${String(index + 1).padStart(4)}  ${actor.padEnd(width)}  ${what}${site} ${detail}${end}\n`;
  });
  return lines.join('');
}

const WORDS = {
  run: '',
  timeout: 'no answer to ',
  'lose-answer': 'answer lost of ',
  throttle: 'throttled in ',
  crash: 'dies in ',
  land: 'LANDS LATE: ',
  duplicate: '',
  tamper: '',
  return: '',
  advance: '',
  outage: '',
  rest: '',
} as const;
