// @module-tag slow
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PAGE_SIGN } from '../../../lib/cli/replay/page-frame.ts';
import { recoveryPage } from '../../../lib/cli/replay/recovery-page.ts';
import { replayRecovery } from '../../../lib/simulator/recovery/recovery.ts';

const recovery = await replayRecovery();
const page = await recoveryPage(recovery);
const occurrences = (text: string, of: RegExp) => [...text.matchAll(of)].length;

describe('the page of a recovery', () => {
  it('holds everything in one file and asks for nothing, not even for a script', () => {
    expect(page.slice(0, 1_024)).toContain(PAGE_SIGN);
    expect(page).not.toMatch(/<link|<img|<script|@import|url\(|src=|href=|https?:\/\//);
    expect(page.length).toBeLessThan(200_000);
  });

  it('allows by its policy exactly the style that is in it', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; script-src 'none'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/ style="/);
  });

  it('has a chart for each measure, with a line for each run, and says them in words', () => {
    expect(occurrences(page, /<svg [^>]*role="img"/g)).toBe(recovery.measures.length);
    expect(occurrences(page, /<polyline /g)).toBe(recovery.measures.length * recovery.runs.length);
    expect(page).toContain('Pawl: 100 % before, 0 % in minute 156, 100 % in minute 158, 100 % at the end.');
    expect(page).not.toContain('NaN');
  });

  it('has what came of each run, and a row for each minute that is told', () => {
    for (const { verdict } of recovery.runs) expect(page).toContain(verdict.text);
    expect(page).toContain('<tr class="event"><th scope="row">157</th>');
    expect(page).toContain('<td>19.8 h</td>');
  });

  it('lets no text be anything but text', async () => {
    const hostile = await recoveryPage({ ...recovery, title: '<script>alert(1)</script>' });
    expect(hostile).not.toContain('<script>alert');
    expect(hostile).toContain('<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>');
  });
});
