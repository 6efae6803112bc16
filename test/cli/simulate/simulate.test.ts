// @module-tag slow
import { describe, expect, it } from 'vitest';
import type { Paper } from '../../../lib/cli/printing/paper.ts';
import { reportView, verdictView } from '../../../lib/cli/simulate/simulation-view.ts';
import type { SimulationReport } from '../../../lib/simulator/task.ts';
import { rehearsal } from '../rehearsal.ts';

const PIPE: Paper = { width: 80, color: false, boxes: false };

const SEARCHED: SimulationReport = {
  task: { type: 'search', scenario: 'two-enactors', faults: 1, seconds: 60 },
  runs: 3,
  states: 40,
  decisions: 80,
  complete: true,
  quietCalls: 0,
  sightings: {},
  milliseconds: 2_000,
};

describe('simulate', () => {
  it('--strategy exhaustive sees every state of a small scenario', async () => {
    const { pawl } = await rehearsal();
    const { exit, out } = await pawl('simulate --strategy exhaustive --scenario enactor-janitor --faults 0');
    expect(out).toMatch(/^enactor-janitor, 0 faults: every state seen; .*\nNo rule was broken\.\n$/);
    expect(exit).toBe(0);
  }, 120_000);

  it('ends with 1 when the time was too short for every state', async () => {
    const { pawl } = await rehearsal();
    const { exit, out, err } = await pawl(
      'simulate --strategy exhaustive --scenario live-planner --faults 2 --seconds 1',
      { terminal: { progress: true } },
    );
    expect(err).toMatch(/\r[1-9]\d* runs, [1-9]\d* states, [1-9]\d* decisions\/s, at most \d s left/);
    expect(out).toContain('not every state seen');
    expect(out).toContain('give it more --seconds');
    expect(exit).toBe(1);
  }, 120_000);

  for (const [flags, sentence] of [
    ['--strategy pct --preemptions 2', '--preemptions means nothing with --strategy pct: leave it out.'],
    [
      '--strategy exhaustive --workers 2',
      '--workers means nothing with --strategy exhaustive: leave it out.',
    ],
    ['--faults 2', '--faults means nothing with --strategy mixed: leave it out.'],
    ['--deep --scenario flip', '--scenario means nothing with --deep: leave it out.'],
    ['--replay flip:3 --seed 4', '--seed means nothing with --replay: leave it out.'],
  ]) {
    it(`refuses ${flags}, of which it would read past one`, async () => {
      const { pawl } = await rehearsal();
      const { exit, err, out } = await pawl(`simulate ${flags}`);
      expect(err).toBe(`pawl: ${sentence}\n`);
      expect(out).toBe('');
      expect(exit).toBe(2);
    });
  }

  it('reads every option of a search, and prints JSON', async () => {
    const { pawl } = await rehearsal();
    const { exit, out } = await pawl(
      'simulate --strategy exhaustive --scenario enactor-janitor --faults 0 --preemptions 1 --seconds 60 --json',
    );
    expect(JSON.parse(out)).toMatchObject({
      reports: [{ task: { preemptions: 1, seconds: 60 }, complete: true }],
    });
    expect(exit).toBe(0);
  }, 120_000);

  it('says of a broken rule how to play it again, and does not call what was left good', () => {
    const line = { scenario: 'flip', searched: false, choices: [3] };
    const failed = { ...SEARCHED, complete: false, failure: { message: 'I2: a root is gone', line } };
    expect(reportView(failed, PIPE)).toContain(
      '\nI2: a root is gone\nPlay it again: npm run simulate -- --replay flip:3\n',
    );
    expect(verdictView([SEARCHED, failed], PIPE)).toBe('A rule was broken.\n');
  });

  it('does not say that no rule was broken while one may be', () => {
    expect(verdictView([SEARCHED], PIPE)).toBe('No rule was broken.\n');
    expect(verdictView([SEARCHED, { ...SEARCHED, complete: false }], PIPE)).toContain('not every state was');
  });
});
