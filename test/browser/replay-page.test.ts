import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { replayPage } from '../../lib/cli/replay/replay-page.ts';
import { replayOutage } from '../../lib/simulator/outage/outage.ts';
import { recordRun } from '../../lib/simulator/recording/record-run.ts';
import { makeRecording } from '../../lib/simulator/recording/recording.ts';
import { browserPages, FAINT_TEXTS, NARROW, WIDE } from './browser-pages.ts';

const recording = await replayOutage();
const LAST = (recording.runs[0]?.steps.length ?? 0) - 1;

const pages = browserPages();
let address: string;

beforeAll(async () => {
  address = await write('outage.html', await replayPage(recording));
});

const write = (name: string, page: string) => pages.write(name, page);
const open = (options: BrowserContextOptions = {}, at = address) => pages.open(options, at);

const text = async (locator: Locator) => (await locator.textContent()) ?? '';
const where = (page: Page) => text(page.locator('#where'));
const run = (page: Page, title: string) => page.getByRole('region', { name: title });
const reference = (page: Page) => run(page, 'The enactor of 2025');
const pawl = (page: Page) => run(page, 'Pawl');

describe('the replay page in a browser', () => {
  it('steps through with its buttons, from the first step to the last, and asks for nothing', async () => {
    const { page, complaints } = await open();
    expect(await where(page)).toBe(`Step 0 of ${LAST} · Before · minute 0`);
    const next = page.getByRole('button', { name: 'Next' });
    for (let step = 1; step <= LAST; step += 1) {
      await next.click();
      expect(await where(page)).toContain(`Step ${step} of ${LAST}`);
      for (const { title, steps } of recording.runs) {
        expect(await text(run(page, title).locator('.headline'))).toContain(steps[step]?.headline);
      }
    }
    await next.press('Enter');
    expect(await where(page)).toContain(`Step ${LAST} of ${LAST}`);
    expect(await next.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await where(page)).toContain(`Step ${LAST - 1} of ${LAST}`);
    expect(complaints).toEqual([]);
  });

  it('is worked by keys alone, and leaves the slider its own', async () => {
    const { page } = await open();
    await page.keyboard.press('ArrowRight');
    expect(await where(page)).toContain('Step 1 of');
    await page.keyboard.press('End');
    expect(await where(page)).toContain(`Step ${LAST} of`);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+ArrowRight');
    expect(await where(page)).toContain('Step 0 of');
    await page.getByRole('slider', { name: 'Step' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await where(page)).toContain('Step 1 of');
  });

  it('keeps the focus where it was, and shows it', async () => {
    const { page } = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await text(focused)).toContain('Next');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Space');
    expect(await text(focused)).toContain('Next');
    await pawl(page).getByRole('button', { name: 'Step 5 of' }).click();
    expect(await where(page)).toContain('Step 5 of');
    expect(await page.locator(':focus').getAttribute('aria-current')).toBe('step');
  });

  it('highlights the step where the two part ways, and leads there', async () => {
    const { page } = await open();
    const parting = page.locator('.parting');
    expect(await parting.getAttribute('class')).not.toContain('here');
    await parting.getByRole('button').click();
    expect(await where(page)).toContain(`Step ${recording.parting} of`);
    expect(await parting.getAttribute('class')).toContain('here');
    expect(await text(reference(page).locator('.alarms'))).toContain('went back from plan 145 to plan 110');
    expect(await pawl(page).locator('.alarms').count()).toBe(0);
    expect(await text(page.locator('#said'))).toContain('Here the two part ways.');
  });

  it('shows the zone and what a resolver gets, for both', async () => {
    const { page } = await open({}, `${address}#8`);
    expect(await text(reference(page).locator('.answer'))).toContain('No answer');
    expect(await text(pawl(page).locator('.answer'))).toContain('192.0.2.145');
    expect(await text(reference(page).locator('.zone'))).toMatch(/root→ g000110points at nothing/);
    expect(await text(pawl(page).locator('.zone'))).toMatch(/fencegen=145 seq=5 by=janitor/);
    const rows = await reference(page).locator('.lanes tbody th').allInnerTexts();
    expect(rows).toEqual(recording.lanes.map(({ title }) => title));
  });

  it('says the same step to whoever opens its address, and survives an address that is none', async () => {
    const { page } = await open({}, `${address}#6`);
    expect(await where(page)).toContain('Step 6 of');
    expect(await where((await open({}, `${address}#99`)).page)).toContain(`Step ${LAST} of`);
    expect(await where((await open({}, `${address}#what`)).page)).toContain('Step 0 of');
  });

  it.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['light', NARROW],
    ['dark', NARROW],
  ] as const)(
    'is legible (%s, %o): enough contrast, nothing wider than the screen',
    async (colorScheme, viewport) => {
      for (const step of [0, 7, 8, LAST]) {
        const { page, complaints } = await open({ colorScheme, viewport }, `${address}#${step}`);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          viewport.width,
        );
        expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
        const picture = await page.screenshot();
        expect(picture.byteLength).toBeGreaterThan(10_000);
        expect(complaints).toEqual([]);
      }
    },
  );

  it('keeps both answers in sight on a narrow screen', async () => {
    const { page } = await open({ viewport: NARROW }, `${address}#8`);
    const glance = page.locator('#glance');
    expect(await glance.isVisible()).toBe(true);
    expect(await text(glance)).toBe('The enactor of 2025No answerPawlPlan 145');
    expect(await (await open()).page.locator('#glance').isVisible()).toBe(false);
  });

  it('moves nothing for whoever asked for less motion', async () => {
    const { page } = await open({ reducedMotion: 'reduce' });
    const moving =
      "[...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length";
    expect(await page.evaluate(moving)).toBe(0);
  });

  it('tells the timeline where scripts are off', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await text(page.locator('noscript'))).toContain('Here the two part ways');
    expect(await page.locator('#replay').isVisible()).toBe(false);
  });

  it('shows a long run around its current step', async () => {
    const long = await write('long.html', await replayPage(await recordRun('flip:3,12z,4')));
    const { page, complaints } = await open({ viewport: NARROW }, `${long}#20`);
    const columns = page.locator('.lanes thead button');
    expect(await columns.count()).toBe(14);
    expect(await page.locator('.lanes [aria-current]').textContent()).toBe('20');
    await page.keyboard.press('Home');
    expect(await columns.first().textContent()).toBe('0');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
    expect(complaints).toEqual([]);
  });

  it('shows a single run too, and what is in it as text only', async () => {
    const [first] = recording.runs;
    if (first === undefined) throw new Error('there is no run');
    const steps = first.steps.map((step) => ({ ...step, headline: '<img src=x onerror=alert(1)>' }));
    const alone = makeRecording({ ...recording, runs: [{ ...first, steps }] });
    const { page, complaints } = await open({}, await write('alone.html', await replayPage(alone)));
    expect(await text(page.locator('.headline'))).toBe('<img src=x onerror=alert(1)>');
    expect(await page.locator('.run').count()).toBe(1);
    expect(await page.locator('.parting').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });
});
