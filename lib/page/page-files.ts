import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A file that the page is made of. It says nothing of any world. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
}

const HTML = 'text/html; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** Every path that is answered with a file: what is not here is not read from anywhere. */
const FILES: ReadonlyMap<string, readonly [type: string, file: string]> = new Map<
  string,
  readonly [string, string]
>([
  ['/', [HTML, 'fleet-page.html']],
  ['/fleet-page.css', [STYLE, 'fleet-page.css']],
  ['/mark.svg', ['image/svg+xml', 'mark.svg']],
  ...[
    ...['main', 'router', 'feed', 'fetched', 'parts', 'moments'],
    ...['fleet-view', 'cell-view', 'name-view', 'log-view', 'compare-view'],
  ].map((name) => [`/${name}.js`, [SCRIPT, `${name}.js`]] as const),
]);

/** One file without imports: htm with Preact in it, as its package ships it for browsers. */
const VIEW_LIBRARY = '/view-library.js';

/** The paths of all files. */
export const PAGE_PATHS: readonly string[] = [...FILES.keys(), VIEW_LIBRARY];

/** The file at a path; undefined where there is none. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  if (path === VIEW_LIBRARY) {
    const where = import.meta.resolve('htm/preact/standalone');
    return { type: SCRIPT, text: await readFile(fileURLToPath(where), 'utf8') };
  }
  const found = FILES.get(path);
  if (found === undefined) return undefined;
  const [type, file] = found;
  return { type, text: await readFile(new URL(`client/${file}`, import.meta.url), 'utf8') };
}
