// @module-tag slow
import { describe, expect, it } from 'vitest';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import type { Scenario } from '../../lib/simulator/engine/scenario.ts';
import { SCENARIOS } from '../../lib/simulator/engine/scenarios.ts';
import { record, recordRun } from '../../lib/simulator/recording/record-run.ts';

const flip = SCENARIOS.find(({ name }) => name === 'flip') as Scenario;

describe('a recorded run of the simulator', () => {
  it('is the same for the same line, and shows every decision with the zone after it', async () => {
    const recording = await recordRun('flip:3,12z,4');
    expect(await recordRun('flip:3,12z,4')).toEqual(recording);
    const [run] = recording.runs;
    expect(recording.runs).toHaveLength(1);
    expect(recording.parting).toBeNull();
    expect(run?.verdict.good).toBe(true);
    expect(run?.steps[0]).toMatchObject({
      lane: null,
      headline: expect.stringContaining('Done undisturbed'),
    });
    const generations = run?.steps.map(({ zone }) => zone.fence?.generation ?? 0) ?? [];
    expect(generations[0]).toBe(1);
    expect(generations).toEqual([...generations].sort((a, b) => a - b));
    expect(run?.steps.at(-1)).toMatchObject({ lane: 'everybody' });
  });

  it('of a seed can be replayed by its line, step by step the same', async () => {
    for (const seed of ['3', '4', '22']) {
      const bySeed = await recordRun(seed);
      const line = bySeed.title.replace(/^Run /, '');
      if (line.endsWith('...')) continue;
      expect((await recordRun(line)).runs[0]?.steps).toEqual(bySeed.runs[0]?.steps);
    }
  });

  it('has a lane for whoever acted: actors, hands, time and services', async () => {
    const lanes = new Set<string>();
    const marks = new Set<string>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const recording = await recordRun(String(seed));
      for (const { id } of recording.lanes) lanes.add(id.replace(/-\d+$/, ''));
      for (const { mark } of recording.runs[0]?.steps ?? []) marks.add(mark);
    }
    expect([...lanes]).toEqual(
      expect.arrayContaining(['enactor', 'janitor', 'planner', 'a hand', 'time', 'zone', 'ledger']),
    );
    expect([...marks].sort()).toEqual(['looked', 'refused', 'stopped', 'wrote']);
  });

  it('ends with the rule that was broken, in the lane of whoever broke it', async () => {
    const recording = await record(
      flip,
      {
        pick: (decisions) => {
          const tamper = decisions.findIndex(({ type }) => type === 'tamper');
          return Math.max(0, tamper);
        },
        draw: () => {
          throw new InvariantViolated('I0: nobody touches the zone');
        },
      },
      {},
    );
    const [run] = recording.runs;
    expect(run?.verdict).toEqual({ good: false, text: 'I0: nobody touches the zone' });
    expect(run?.steps.at(-1)).toMatchObject({ mark: 'stopped', alarms: ['I0: nobody touches the zone'] });
  });

  it.each(['', 'what', 'flip', 'flip:x', 'nope:1', '-1', '1.5'])('of "%s" there is none', async (run) => {
    await expect(recordRun(run)).rejects.toThrow(/names no run|There is no scenario/);
  });
});
