import { beforeAll, describe, expect, it } from 'vitest';
import { recoveryPage } from '../../lib/cli/replay/recovery-page.ts';
import { replayRecovery } from '../../lib/simulator/recovery/recovery.ts';
import { browserPages, FAINT_TEXTS, NARROW, WIDE } from './browser-pages.ts';

const recovery = await replayRecovery();
const pages = browserPages();
let address: string;

beforeAll(async () => {
  address = await pages.write('recovery.html', await recoveryPage(recovery));
});

describe('the page of a recovery in a browser', () => {
  it.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['light', NARROW],
    ['dark', NARROW],
  ] as const)(
    'is legible (%s, %o): enough contrast, nothing wider than the screen, nothing asked for',
    async (colorScheme, viewport) => {
      const { page, complaints } = await pages.open({ colorScheme, viewport }, address);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
      expect((await page.screenshot()).byteLength).toBeGreaterThan(10_000);
      expect(complaints).toEqual([]);
    },
  );

  it('says of each chart what its lines show, and draws them within it', async () => {
    const { page } = await pages.open({}, address);
    for (const { title } of recovery.measures) {
      const chart = page.getByRole('img', { name: title });
      expect(await chart.locator('polyline').count()).toBe(recovery.runs.length);
      expect(await chart.locator('desc').textContent()).toMatch(
        /^The manager of 2025: .* Pawl: .* at the end[.]$/,
      );
      const frame = await chart.boundingBox();
      for (const line of await chart.locator('polyline').all()) {
        const box = await line.boundingBox();
        if (frame === null || box === null) throw new Error('a line is not drawn');
        expect(box.y).toBeGreaterThanOrEqual(frame.y);
        expect(box.y + box.height).toBeLessThanOrEqual(frame.y + frame.height);
        expect(box.width).toBeGreaterThan(frame.width / 2);
      }
    }
  });

  it('needs no script, and its table is reached by keys', async () => {
    const { page } = await pages.open({ javaScriptEnabled: false, viewport: NARROW }, address);
    expect(await page.getByRole('region', { name: 'Pawl' }).locator('.verdict').textContent()).toBe(
      recovery.runs.at(-1)?.verdict.text,
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('End');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('By the minute');
  });
});
