// @module-tag slow
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { scenarioNamed } from '../../lib/simulator/engine/scenarios.ts';
import { strategyOf, winnersOf } from '../../lib/simulator/random/campaign.ts';
import { playRun } from '../../lib/simulator/random/play-run.ts';
import { formatReplay, parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay, replayOn, timeline } from '../../lib/simulator/random/replayed-run.ts';

const PAWL = fileURLToPath(new URL('../../bin/pawl.mjs', import.meta.url));
const SEEDS = 40;

describe('a run', () => {
  it('is a function of its choices: the same line is the same trace', async () => {
    const scenario = scenarioNamed('retire');
    const stage = await prepareStage(scenario);
    const afresh = await prepareStage(scenario);
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const winners = winnersOf(seed);
      const run = await playRun(stage, strategyOf('mixed', seed), { winners });
      const line = formatReplay({ scenario: 'retire', searched: false, winners, choices: run.choices });
      const again = await replayOn(afresh, parseReplay(line));
      expect(again.result.hash).toBe(run.hash);
    }
  });

  it('has the same trace in another process', async () => {
    const line = 'flip:3,2z,1,4z,2,6z,1';
    const here = await replay(parseReplay(line));
    const { stdout } = await promisify(execFile)(process.execPath, [
      PAWL,
      'simulate',
      '--replay',
      line,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ hash: here.result.hash });
    expect(timeline(here.steps).trim().split('\n').length).toBeGreaterThan(here.steps.length - 1);
  });

  it('reads back from its line, and refuses what is none', () => {
    const line = { scenario: 'flip', searched: true, choices: [3, 0, 0, 12, 0, 4] };
    expect(parseReplay(formatReplay(line))).toEqual(line);
    const toldWinners = { ...line, searched: false, winners: 'given' as const };
    expect(parseReplay(formatReplay(toldWinners))).toEqual(toldWinners);
    for (const bad of ['', 'flip', 'flip:a', 'flip:1,', 'FLIP:1', 'flip:999999z', 'flip:1;2'])
      if (bad !== 'flip:999999z') expect(() => parseReplay(bad)).toThrow('names no run');
      else expect(() => parseReplay(bad)).toThrow('at most');
    expect(() => scenarioNamed('nowhere')).toThrow('There is no scenario "nowhere"');
  });
});
