import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { anchorOf, OWN_RUNBOOK, RUNBOOK_MAX } from '../../lib/infrastructure/runbook.ts';
import { ALL_WATCHES } from '../support/watched-alarms.ts';
import { CELLS, everyResource, templatesOf } from './synthesised.ts';

const TYPES = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
/** PutMetricAlarm and PutCompositeAlarm, AlarmDescription. */
const TEXT_MAX = 1_024;

const page = readFileSync('docs/operations.md', 'utf8').replace(/^```[\s\S]*?^```/gm, '');
const anchors = new Set([...page.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));

function textsOf(...given: Parameters<typeof templatesOf>): readonly string[] {
  const templates = templatesOf(...given);
  return TYPES.flatMap((type) =>
    everyResource(templates, type).map(({ Properties }): string => Properties.AlarmDescription),
  );
}

const texts = textsOf();

test('an anchor is what GitHub makes of a heading', () => {
  expect(anchorOf('Rescue, when everything is down')).toBe('rescue-when-everything-is-down');
  expect(anchorOf('Refused by Route 53')).toBe('refused-by-route-53');
  // The page links to its own sections by the same rule.
  const own = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

describe('the text of every alarm', () => {
  it('is of every metric alarm and every composite one', () => {
    // With the alarm on dead letters; three composite ones a cell, and three of the stack.
    const perCell = ALL_WATCHES.length - 3;
    expect(texts).toHaveLength(2 * perCell + 3 + 1 + 2 * 3 + 3);
  });

  test.each(texts)('ends in a link to a section that is there: %s', (text) => {
    const [url = '', anchor = ''] = text.split(' ').at(-1)?.split('#') ?? [];
    expect(url).toBe(OWN_RUNBOOK);
    expect([...anchors]).toContain(anchor);
  });

  it('leads to a page of yours, if you say so', () => {
    const runbookUrl = 'https://wiki.example.com/pawl/operations';
    for (const text of textsOf({ runbookUrl }))
      expect(text).toMatch(/ https:\/\/wiki[.]example[.]com\/pawl\/operations#[a-z0-9-]+$/);
  });

  it('leads to a page on an emulator too', () => {
    for (const text of textsOf({}, { emulator: 'ministack' }))
      expect(text).toMatch(/ https:\/\/\S+#[a-z0-9-]+$/);
  });

  it('is short enough for CloudWatch with the longest cell, page and times', () => {
    const cell = 'a'.repeat(32);
    const base = 'https://wiki.example.com/';
    const runbookUrl = base + 'x'.repeat(RUNBOOK_MAX - base.length);
    const longest = textsOf({
      cells: { [cell]: CELLS['use1-a'] },
      runbookUrl,
      keptBackAlarmMinutes: 1_440,
      frozenAlarmMinutes: 10_080,
    });
    expect(longest.filter((text) => text.includes(cell)).length).toBeGreaterThan(20);
    expect(Math.max(...longest.map(({ length }) => length))).toBeLessThanOrEqual(TEXT_MAX);
  });
});

test.each([
  ['http://wiki.example.com/pawl', 'an https address'],
  ['https://wiki.example.com/pawl#alarms', 'without a "#"'],
  [`https://wiki.example.com/${'x'.repeat(RUNBOOK_MAX)}`, 'at runbookUrl'],
  ['the wiki', 'an https address'],
])('a deployment with the page %s is refused', (runbookUrl, says) => {
  expect(() => parseDeployment({ cells: CELLS, runbookUrl })).toThrow(says);
});
