import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openPage } from '../../lib/cli/page/open-page.ts';
import { browserPages, NARROW } from './browser-pages.ts';
import type { PageWorldUnderTest } from './page-world.ts';
import { EVIL, pageFleet, pageWorldUnderTest } from './page-world.ts';

const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const BIG = { width: 1440, height: 900 };

const pages = browserPages();
let world: PageWorldUnderTest;

beforeAll(async () => {
  world = await pageWorldUnderTest();
});

afterAll(() => world.close());

/** Opens a view, and returns what the page complained of: requests to its own server are no complaint. */
async function open(view = '', options: Parameters<typeof pages.open>[0] = {}, url = world.page.url) {
  const { origin } = new URL(url);
  const { page, complaints } = await pages.open(options, `${url}#/${view}`);
  await page.getByText('Live, looked').waitFor();
  return { page, foreign: () => complaints.filter((each) => !each.startsWith(`request: ${origin}/`)) };
}

const card = (page: Page, cell: string) => page.locator(`[data-cell="${cell}"]`);
const endpoint = (page: Page, name: string) => page.locator(`[data-endpoint="${name}"]`);

/** What axe finds on the page as it stands, a line each. */
async function found(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const script = `axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ' ' + html + ' ' + failureSummary)))`;
  return page.evaluate(script);
}

describe('the page', () => {
  it('shows every cell by Region, asks no other server, and complains of nothing', async () => {
    const { page, foreign } = await open();
    await page.getByRole('region', { name: 'us-east-1' }).getByRole('link', { name: 'use1-a' }).waitFor();
    await page.getByRole('region', { name: 'eu-west-1' }).getByText('converged').waitFor();
    expect(await page.getByRole('list', { name: 'Cells by condition' }).innerText()).toMatch(
      /2\s+●\s+converged/,
    );
    for (const view of [
      'cell/use1-a',
      'name/api.one.test',
      'log',
      'log/use1-a',
      'compare/use1-a/1/1',
      'nothing',
    ]) {
      await page.evaluate(`window.location.hash = '#/${view}'`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    expect(foreign()).toEqual([]);
  });

  it('is worked by keys alone, and puts the focus on what is new', async () => {
    const { page } = await open();
    await card(page, 'use1-a').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'use1-a' }).waitFor();
    await expect.poll(() => page.locator(':focus').innerText()).toBe('use1-a');
    expect(await page.title()).toBe('use1-a · Pawl');
    await page.reload();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
  });

  it('copies what to type next', async () => {
    const { page } = await open('name/api.one.test');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy npx pawl explain api.one.test' }).click();
    await page.getByRole('status').getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npx pawl explain api.one.test');
  });

  it('shows a name as its chain, and whose plan it is', async () => {
    const { page } = await open('name/api.one.test');
    for (const step of ['Root', 'Tree', 'Leaves']) await page.getByRole('heading', { name: step }).waitFor();
    await page.getByText('Tree made by planner').waitFor();
    await page.getByText('Fleet by operator-').waitFor();
  });

  it('shows what a routed name answers from where', async () => {
    const { page } = await open('name/geo.two.test');
    for (const step of ['Root', 'Tree', 'Nodes', 'Leaves'])
      await page.getByRole('heading', { name: step }).waitFor();
    await page.getByRole('row', { name: /^de .*\bDE\b/ }).waitFor();
    await page.getByRole('row', { name: /^default everywhere else/ }).waitFor();
  });
});

describe('what happens is seen on the open page', () => {
  it('a failed target leaves the answers', async () => {
    const { page } = await open('cell/use1-a');
    const rows = endpoint(page, 'api.one.test').locator('[data-target]');
    await expect.poll(() => rows.count()).toBe(4);
    await world.push(pageFleet({ health: 'unhealthy' }));
    await endpoint(page, 'api.one.test').getByText('observed to be unhealthy').waitFor();
    await expect.poll(() => rows.count()).toBe(3);
    const seen = () =>
      page.locator('[data-event]').evaluateAll((events) => events.map((each) => each.dataset['event'] ?? ''));
    // The newest first: the whole story stands beside what it made of the cell.
    const story = ['PlanApplied', 'PlanAppended', 'TargetsObserved', 'FleetDeclared'];
    await expect
      .poll(async () => (await seen()).filter((type) => story.includes(type)).slice(0, story.length))
      .toEqual(story);
  });

  it('an endpoint that is kept back, what stands against it, and what lets it go', async () => {
    const { page } = await open('cell/use1-a');
    await world.push(pageFleet({ api: '[a-1]', health: 'unhealthy' }));
    const api = endpoint(page, 'api.one.test');
    await api.getByText('Kept back for').waitFor();
    await api.getByText('capacity-removed').waitFor();
    await api
      .getByRole('button', { name: /^Copy npx pawl plan approve use1-a api\.one\.test --digest/ })
      .waitFor();
    expect(await api.locator('[data-target="a-2"]').first().innerText()).toMatch(/33\.3 % → 0 %/);
    const { page: fleet } = await open();
    await card(fleet, 'use1-a').getByText('kept back', { exact: true }).waitFor();
    await world.push(pageFleet({ health: 'unhealthy' }));
    await card(fleet, 'use1-a').getByText('converged').waitFor();
    await expect.poll(() => api.getByText('Kept back for').count()).toBe(0);
  });

  it('a freeze and its thaw, whatever its reason says', async () => {
    const { page, foreign } = await open();
    expect(await world.run('freeze', 'euw1-a', '--reason', EVIL)).toMatchObject({ exit: 0 });
    await card(page, 'euw1-a').getByText('frozen', { exact: true }).waitFor();
    const shown = await card(page, 'euw1-a').innerText();
    expect(shown).toContain('<script>document.title="owned"</script>');
    expect(shown).not.toContain('\u202e');
    await page.locator('[data-event="CellFrozen"]').first().waitFor();
    expect(await page.title()).toMatch(/^\(\d\) fleet · Pawl$/);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(foreign()).toEqual([]);
    expect(await world.run('thaw', 'euw1-a')).toMatchObject({ exit: 0 });
    await card(page, 'euw1-a').getByText('converged').waitFor();
  });
});

describe('axe finds nothing', () => {
  const VIEWS = [
    '',
    'cell/use1-a',
    'name/api.one.test',
    'name/geo.two.test',
    'log',
    'compare/use1-a/1/2',
    'nothing',
  ];
  it.each(
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [BIG, NARROW].map((viewport) => ({ colorScheme, viewport, width: viewport.width })),
    ),
  )(
    'in $colorScheme at $width pixels, also while a cell is frozen and an endpoint kept back',
    async (how) => {
      await world.push(pageFleet({ api: '[a-1]', health: 'unhealthy' }));
      await world.run('freeze', 'euw1-a', '--reason', 'looking');
      onTestFinished(async () => {
        await world.run('thaw', 'euw1-a');
        await world.push(pageFleet({ health: 'unhealthy' }));
      });
      const { colorScheme, viewport } = how;
      for (const view of VIEWS) {
        const { page } = await open(view, { colorScheme, viewport });
        if (view.startsWith('cell')) await page.getByText('Kept back for').first().waitFor();
        if (view.startsWith('name')) await page.getByRole('heading', { name: 'Leaves' }).waitFor();
        if (view.startsWith('compare')) await page.getByRole('combobox').first().waitFor();
        expect(await found(page), view).toEqual([]);
        expect(
          await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
          view,
        ).toBeLessThanOrEqual(0);
      }
    },
  );
});

describe('what cannot be seen does not look healthy', () => {
  it('while the ledger is away, and is well again afterwards', async () => {
    const { page } = await open();
    await card(page, 'use1-a').getByText('converged').waitFor();
    world.running.ledgerAway(true);
    onTestFinished(() => world.running.ledgerAway(false));
    await page.getByText('Nobody can see how the fleet is since').waitFor({ timeout: 60_000 });
    await card(page, 'use1-a').getByText('was converged').waitFor();
    expect(await found(page)).toEqual([]);
    expect(await page.title()).toMatch(/^\? /);
    world.running.ledgerAway(false);
    await page.getByText('Live, looked').waitFor({ timeout: 60_000 });
    await card(page, 'use1-a').getByText('converged', { exact: true }).waitFor();
  });

  it('when its server is gone, and comes back to another one at the same address', async () => {
    const mine = await openPage(world.running.world, { port: 0, place: '', onTrouble: () => undefined });
    const { page } = await open('', {}, mine.url);
    await mine.close();
    await page.getByText('This page is stale since').waitFor();
    await card(page, 'use1-a').getByText('was converged').waitFor();
    const again = await openPage(world.running.world, {
      port: mine.port,
      place: '',
      onTrouble: () => undefined,
    });
    onTestFinished(() => again.close());
    await page.getByText('Live, looked').waitFor();
    await expect.poll(() => page.getByText('This page is stale').count()).toBe(0);
  });

  it('without its token, which leaves the address and survives a reload', async () => {
    const account = { ...world.running.world, kind: 'aws' as const };
    const mine = await openPage(account, { port: 0, place: '', onTrouble: () => undefined });
    onTestFinished(() => mine.close());
    const { page } = await pages.open({}, mine.url);
    await page.getByText('Live, looked').waitFor();
    expect(page.url()).toBe(`http://127.0.0.1:${mine.port}/#/`);
    await page.reload();
    await page.getByText('Live, looked').waitFor();
    const { page: stranger } = await pages.open({}, `http://127.0.0.1:${mine.port}/`);
    await stranger.getByText('This needs the address that "pawl page" printed').waitFor();
    expect(await stranger.locator('[data-cell]').count()).toBe(0);
    expect(await found(stranger)).toEqual([]);
  });
});

// Last, because nothing leads back from it in this world.
describe('a rescue', () => {
  it('is seen happening on the open page', async () => {
    const { page } = await open();
    await world.push(pageFleet({ health: 'unhealthy', second: 80 }));
    await card(page, 'euw1-a').getByText('@2').first().waitFor();
    await card(page, 'euw1-a').getByText('converged', { exact: true }).waitFor();
    const { exit, said } = await world.run(
      'rescue',
      'euw1-a',
      '--to-rollback',
      '--zone',
      'two.test',
      '--yes',
    );
    expect(exit, said).toBe(0);
    await card(page, 'euw1-a').getByText('rescued', { exact: true }).waitFor();
    await page.locator('[data-event="RescueFound"]').first().waitFor();
    expect(await found(page)).toEqual([]);
  });
});
