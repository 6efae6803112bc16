// npm run generate:page-images: takes the pictures of the page that the documents show, in the Chromium that
// PAWL_CHROMIUM names, from a local world in which something of everything has happened.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Terminal } from '../lib/cli/command/terminal.ts';
import { main } from '../lib/cli/main.ts';
import { openPage } from '../lib/cli/page/open-page.ts';
import { DEFAULT_INTERVALS, startLocalWorld } from '../lib/local/start-local-world.ts';
import { systemClock } from '../lib/runtime/clock.ts';
import { chooseWorld } from '../lib/wiring/choose-world.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SIZE = { width: 1440, height: 840 };
const PATIENCE_MS = 60_000;
const LOOK_MS = 250;
const REPAINT_MS = 1_500;

const executablePath = process.env['PAWL_CHROMIUM'];
if (executablePath === undefined) throw new Error('Say in PAWL_CHROMIUM where Chromium is.');
const folder = await mkdtemp(join(tmpdir(), 'pawl-images-'));
const fleetFile = join(folder, 'fleet.yaml');
const example = await readFile(join(ROOT, 'examples/fleet.yaml'), 'utf8');
await writeFile(fleetFile, example);
const running = await startLocalWorld({
  ...{ folder: join(folder, '.pawl'), fleetFile, dnsPort: 0, route53Port: 0, insyncDelayMs: 200 },
  intervals: DEFAULT_INTERVALS,
  report: () => undefined,
});
const page = await openPage(running.world, {
  port: 0,
  place: '',
  onTrouble: (error) => console.error(error),
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await until(async () => (await running.convergence()).every(({ converged }) => converged));
  await pawl('target', 'drain', 'api-2', '--cell', 'use1-a', '--reason', 'disk failing', '--yes');
  await pawl('freeze', 'apse2-a', '--reason', 'load balancers are being replaced');
  await writeFile(fleetFile, troubled(example));
  await pawl('fleet', 'push', fleetFile, '--yes');
  await until(async () => {
    const cells = await running.convergence();
    return cells.some(({ cell, waits }) => cell === 'euw1-a' && waits);
  });
  await picture('page-fleet', '');
  await picture('page-endpoint', 'name/api.example-eu.test');
} finally {
  await browser.close();
  await page.close();
  await running.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The example after a bad hour: a target fails in one cell, and half of an endpoint of another is asked to go. */
function troubled(text: string): string {
  return text
    .replace(
      'api-3: { az: use1-az2, capacity: 150,',
      'api-3: { az: use1-az2, capacity: 150, health: unhealthy,',
    )
    .replace(
      'targets: [api-1, api-2, api-3, api-4, api-5, api-6, api-7, api-8]\n        floor: 4\n      iot',
      'targets: [api-1, api-2, api-3, api-4]\n        floor: 4\n      iot',
    );
}

async function picture(name: string, view: string): Promise<void> {
  const context = await browser.newContext({ viewport: SIZE, colorScheme: 'light' });
  const tab = await context.newPage();
  await tab.goto(`${page.url}#/${view}`);
  await tab.getByText('Live, looked').waitFor();
  await systemClock.sleep(REPAINT_MS);
  await tab.screenshot({ path: join(ROOT, 'docs/images', `${name}.png`) });
  await context.close();
}

async function pawl(...words: readonly string[]): Promise<void> {
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  const terminal: Terminal = {
    ...{ write, complain: write, isTty: false, showsProgress: false, canAsk: false, width: 100 },
    ask: async () => '',
  };
  const exit = await main([...words, '--folder', join(folder, '.pawl')], {
    ...{ terminal, env: {}, chooseWorld },
    interruption: () => new AbortController().signal,
  });
  if (exit !== 0) throw new Error(`pawl ${words.join(' ')}: ${said}`);
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  const deadline = systemClock.now() + PATIENCE_MS;
  while (!(await isThere())) {
    if (systemClock.now() > deadline) throw new Error('It did not come to that in time.');
    await systemClock.sleep(LOOK_MS);
  }
}
