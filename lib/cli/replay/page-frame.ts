import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Every page has this sign, which lets a later replay overwrite the file. */
export const PAGE_SIGN = '<meta name="generator" content="pawl replay">';

/** What makes one page differ from another. */
export interface PageParts {
  readonly title: string;
  readonly about: string;
  /** The style of this page, a file beside this one; what all pages have in common comes first. */
  readonly style: string;
  /** The script of this page, a file beside this one; none when absent. */
  readonly script?: string;
  /** HTML. */
  readonly body: string;
}

/**
 * One HTML file. It contains everything, and its Content-Security-Policy forbids every request and whatever is not in it.
 */
export async function framedPage({ title, about, style, script, body }: PageParts): Promise<string> {
  const styles = (await Promise.all([asset('page.css'), asset(style)])).join('\n');
  const code = script === undefined ? undefined : await asset(script);
  const scripts = code === undefined ? "'none'" : sourceHash(code);
  const policy = `default-src 'none'; style-src ${sourceHash(styles)}; script-src ${scripts}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${PAGE_SIGN}
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${styles}</style>
</head>
<body>
<header class="top">
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
</header>
${body}
${code === undefined ? '' : `<script type="module">${code}</script>\n`}</body>
</html>
`;
}

function asset(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

/** A Content-Security-Policy source that allows exactly this text (CSP level 3, "hash-source"). */
function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A text as HTML. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
