import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { replayTimelineView } from '../../../lib/cli/replay/replay-timeline-view.ts';
import { replayOutage } from '../../../lib/simulator/outage/outage.ts';
import type { RecordedRun, Recording } from '../../../lib/simulator/recording/recording.ts';
import { makeRecording } from '../../../lib/simulator/recording/recording.ts';

const recording = await replayOutage();
const plain = { color: false, boxes: false };

describe('the timeline of a recording', () => {
  it('stands in two columns on a terminal that is wide enough', async () => {
    const text = replayTimelineView(recording, { width: 110, color: false, boxes: true });
    await expect(text).toMatchFileSnapshot('outage-110-columns.txt');
  });

  it('stands one below the other where it is not', async () => {
    await expect(replayTimelineView(recording, { ...plain, width: 64 })).toMatchFileSnapshot(
      'outage-64-columns.txt',
    );
  });

  it.each([20, 40, 64, 80, 110, 200])('keeps within %i columns', (width) => {
    for (const boxes of [false, true]) {
      const lines = replayTimelineView(recording, { width, color: false, boxes }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      for (const line of lines) expect(line).toBe(line.trimEnd());
    }
  });

  it('says the same in colour', () => {
    const coloured = replayTimelineView(recording, { width: 110, color: true, boxes: true });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    const stripped = stripVTControlCharacters(coloured)
      .split('\n')
      .map((line) => line.trimEnd());
    expect(stripped).toEqual(
      replayTimelineView(recording, { width: 110, color: false, boxes: true }).split('\n'),
    );
  });

  it('marks the step where two runs part, and nothing in one run', () => {
    const text = replayTimelineView(recording, { ...plain, width: 110 });
    expect(text.split('Here the two part ways')).toHaveLength(2);
    expect(text.indexOf('Here the two part ways')).toBeLessThan(text.indexOf('  7  Enactor A'));
    expect(text.indexOf('Here the two part ways')).toBeGreaterThan(text.indexOf('  6  Enactor A'));
    const [, pawl] = recording.runs as readonly [RecordedRun, RecordedRun];
    const alone = replayTimelineView(makeRecording({ ...recording, runs: [pawl] }), { ...plain, width: 80 });
    expect(alone).not.toContain('part ways');
    expect(alone).not.toContain('|');
  });

  it('lets no text from a run reach the terminal as anything but text', () => {
    const [run] = recording.runs as readonly [RecordedRun, RecordedRun];
    const [step] = run.steps;
    if (step === undefined) throw new Error('the run has no step');
    const nasty: Recording = makeRecording({
      ...recording,
      runs: [{ ...run, steps: [{ ...step, headline: 'red \u001b[31m alert', alarms: ['bell \u0007'] }] }],
    });
    const text = replayTimelineView(nasty, { ...plain, width: 80 });
    expect(text).toContain('red ?[31m alert');
    expect(text).toContain('! bell ?');
  });
});
