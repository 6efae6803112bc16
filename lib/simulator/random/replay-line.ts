import { InvalidValue } from '../../plan/invariant.ts';
import type { PlaySettings } from '../engine/play-settings.ts';
import { SEARCHED } from '../engine/play-settings.ts';

/** Everything that a run is a function of. */
export interface ReplayLine {
  readonly scenario: string;
  /** True for a run that a search found. Its play has the settings of a search. */
  readonly searched: boolean;
  /** Whether a lost append got the head that won; `withheld` when absent. */
  readonly winners?: PlaySettings['winners'] | undefined;
  readonly choices: readonly number[];
}

const LINE = /^([a-z0-9-]{1,40})([+~]?):((?:\d{1,6}|\d{1,6}z)?(?:,(?:\d{1,6}|\d{1,6}z))*)$/;
const CHOICES_MAX = 100_000;

/** The settings of a line's run. */
export function settingsOf({ searched, winners = 'withheld' }: ReplayLine): Partial<PlaySettings> {
  return searched ? SEARCHED : { winners };
}

/**
 * Writes a run on one line. `flip:3,12z,4` is the scenario `flip` with choice 3, twelve times 0, then 4. A search found
 * `flip+:`. In `flip~:` a lost append got the head that won.
 */
export function formatReplay({ scenario, searched, winners, choices }: ReplayLine): string {
  const parts: string[] = [];
  let zeros = 0;
  for (const choice of choices) {
    if (choice === 0) {
      zeros += 1;
      continue;
    }
    if (zeros > 0) parts.push(`${zeros}z`);
    zeros = 0;
    parts.push(String(choice));
  }
  // After the last choice that is not 0, every choice is 0 anyway.
  const mark = searched ? '+' : winners === 'given' ? '~' : '';
  return `${scenario}${mark}:${parts.join()}`;
}

/** @throws InvalidValue when the line is not one that {@link formatReplay} writes. */
export function parseReplay(line: string): ReplayLine {
  const match = LINE.exec(line);
  if (match === null) {
    throw new InvalidValue(`"${line.slice(0, 80)}" names no run: a run reads like flip:3,12z,4.`);
  }
  const [, scenario = '', mark, list = ''] = match;
  const choices: number[] = [];
  for (const part of list === '' ? [] : list.split(',')) {
    const number = Number.parseInt(part, 10);
    if (part.endsWith('z')) {
      if (choices.length + number > CHOICES_MAX)
        throw new InvalidValue(`A run has at most ${CHOICES_MAX} choices.`);
      for (let count = 0; count < number; count += 1) choices.push(0);
    } else choices.push(number);
  }
  return { scenario, searched: mark === '+', winners: mark === '~' ? 'given' : undefined, choices };
}
