import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { PageViews } from '../../lib/page/page-views.ts';
import type { ServedPage } from '../../lib/page/serve-page.ts';
import { servePage } from '../../lib/page/serve-page.ts';
import { systemClock } from '../../lib/runtime/clock.ts';

export interface PageAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request exactly as it is given, and reads the answer to its end. */
export function askPage(
  port: number,
  path: string,
  how: { readonly method?: string; readonly headers?: Readonly<Record<string, string | string[]>> } = {},
): Promise<PageAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, ...how, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Views of a world that does not change. */
export function stillViews(views: Partial<PageViews> = {}): PageViews {
  return {
    about: () => ({ title: 'a world', kind: 'local', place: '' }),
    look: async () => ({ cells: [{ cell: 'use1-a' }], events: [] }),
    view: async (path) => ({ type: 'found', document: { path } }),
    ...views,
  };
}

/** A served page, closed with the test. */
export async function servedPage(
  views: PageViews,
  settings: { readonly token?: string; readonly everyMs?: number } = {},
): Promise<ServedPage & { readonly troubles: readonly unknown[] }> {
  const troubles: unknown[] = [];
  const tame = (text: string): string => text.replaceAll('\u202e', '?');
  const deps = { views, clock: systemClock, tame, onTrouble: (error: unknown) => troubles.push(error) };
  const served = await servePage(deps, { port: 0, everyMs: 20, ...settings });
  onTestFinished(() => served.close());
  return { ...served, troubles };
}
