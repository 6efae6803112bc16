// @module-tag slow
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { measureText } from '../../../lib/cli/replay/measure-text.ts';
import { recoveryTimelineView } from '../../../lib/cli/replay/recovery-timeline-view.ts';
import { replayRecovery } from '../../../lib/simulator/recovery/recovery.ts';

const recovery = await replayRecovery();

describe('the timeline of a recovery', () => {
  it('stands in two tables side by side on a terminal that is wide enough', async () => {
    const text = recoveryTimelineView(recovery, { width: 110, color: false, boxes: true });
    await expect(text).toMatchFileSnapshot('recovery-110-columns.txt');
  });

  it('stands one below the other where it is not', async () => {
    const text = recoveryTimelineView(recovery, { width: 64, color: false, boxes: false });
    await expect(text).toMatchFileSnapshot('recovery-64-columns.txt');
  });

  it.each([20, 40, 64, 80, 110, 200])('keeps within %i columns', (width) => {
    for (const boxes of [false, true]) {
      const lines = recoveryTimelineView(recovery, { width, color: false, boxes }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      for (const line of lines) expect(line).toBe(line.trimEnd());
    }
  });

  it('says the same in colour', () => {
    const paper = { width: 110, color: true, boxes: true };
    const coloured = recoveryTimelineView(recovery, paper);
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(
      recoveryTimelineView(recovery, { ...paper, color: false }),
    );
  });
});

describe('a measure', () => {
  it.each([
    ['%', 99.9, '99.9 %'],
    ['s', 0, '-'],
    ['s', 119, '119 s'],
    ['s', 120, '2 min'],
    ['s', 7_199, '120 min'],
    ['s', 71_336, '19.8 h'],
    ['a second', 1.05, '1.05'],
    ['a second', 166.67, '167'],
  ] as const)('in %s reads %d as %s', (unit, value, text) => {
    expect(measureText(unit, value)).toBe(text);
  });
});
