import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const CHROMIUM = process.env['PAWL_CHROMIUM'];
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

interface Opened {
  readonly page: Page;
  /** Everything that the page asked for besides itself, and everything that it complained of. */
  readonly complaints: readonly string[];
}

interface BrowserPages {
  /** @returns the address of the file. */
  write(name: string, text: string): Promise<string>;
  open(options: BrowserContextOptions, at: string): Promise<Opened>;
}

/** A browser for the tests of a file, and a folder for its pages. */
export function browserPages(): BrowserPages {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    if (CHROMIUM === undefined || CHROMIUM === '') {
      throw new Error('Say in PAWL_CHROMIUM where Chromium is: .ci/run does.');
    }
    folder = await mkdtemp(join(tmpdir(), 'pawl-page-'));
    // A container's root has no sandbox to give; the page comes from this test alone.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    write: async (name, text) => {
      const path = join(folder, name);
      await writeFile(path, text);
      return pathToFileURL(path).href;
    },
    open: async (options, at) => {
      const context = await browser.newContext({ viewport: WIDE, ...options });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url() !== at.replace(/#.*$/, '')) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(at);
      return { page, complaints };
    },
  };
}

/** Texts whose contrast with what is behind them is under 4.5 (WCAG 2.2, 1.4.3). */
export const FAINT_TEXTS = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() === '' || !element.checkVisibility() || /SCRIPT/.test(element.tagName)) continue;
    const lights = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
    const contrast = (lights[0] + 0.05) / (lights[1] + 0.05);
    if (contrast < 4.5) faint.push(walker.currentNode.textContent.trim() + ' ' + contrast.toFixed(2));
  }
  return faint;
})()`;
