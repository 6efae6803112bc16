import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PAGE_SIGN } from '../../../lib/cli/replay/page-frame.ts';
import { replayPage } from '../../../lib/cli/replay/replay-page.ts';
import { replayOutage } from '../../../lib/simulator/outage/outage.ts';

const recording = await replayOutage();

/** What stands between a tag and its end, as a browser cuts it. */
function between(page: string, open: string, close: string): string {
  const from = page.indexOf(open) + open.length;
  expect(from).toBeGreaterThanOrEqual(open.length);
  return page.slice(from, page.indexOf(close, from));
}

describe('the replay page', () => {
  it('holds everything in one file and asks for nothing', async () => {
    const page = await replayPage(recording);
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page.slice(0, 1_024)).toContain(PAGE_SIGN);
    expect(page).not.toMatch(/<link|<img|@import|url\(|src=|href=|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(page.length).toBeLessThan(200_000);
  });

  it('allows by its policy exactly the style and the script that are in it', async () => {
    const page = await replayPage(recording);
    const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '"');
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src ${hash(between(page, '<style>', '</style>'))}`);
    expect(policy).toContain(`script-src ${hash(between(page, '<script type="module">', '</script>'))}`);
  });

  it('gives the recording back, whatever texts are in it', async () => {
    const hostile = { ...recording, title: '</script><script>alert(1)</script> & "quotes" $& {{style}}' };
    const page = await replayPage(hostile);
    const json = between(page, '<script type="application/json" id="recording">', '</script>');
    expect(JSON.parse(json)).toEqual(hostile);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain(
      '<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; $&amp; {{style}}</title>',
    );
  });

  it('shows the whole timeline in a browser without scripts', async () => {
    const text = between(await replayPage(recording), '<noscript>', '</noscript>');
    expect(text).toContain('Here the two part ways');
    expect(text).toContain('root -&gt; g000145');
  });
});
