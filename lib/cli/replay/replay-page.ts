import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Recording } from '../../simulator/recording/recording.ts';
import { replayTimelineView } from './replay-timeline-view.ts';

/** Every page has this sign, which lets a later replay overwrite the file. */
export const PAGE_SIGN = '<meta name="generator" content="pawl replay">';

/** Columns of the text for a browser without scripts. */
const TEXT_COLUMNS = 120;

/**
 * One HTML file that shows a recording step by step. It contains everything, and its Content-Security-Policy forbids
 * every request.
 */
export async function replayPage(recording: Recording): Promise<string> {
  const [style, script] = await Promise.all([asset('replay-page.css'), asset('replay-page.js')]);
  const policy = `default-src 'none'; style-src ${sourceHash(style)}; script-src ${sourceHash(script)}; base-uri 'none'; form-action 'none'`;
  const text = replayTimelineView(recording, { width: TEXT_COLUMNS, color: false, boxes: true });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${PAGE_SIGN}
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(recording.title)}</title>
<style>${style}</style>
</head>
<body>
<header class="top">
<h1>${escaped(recording.title)}</h1>
<p>${escaped(recording.about)}</p>
</header>
<noscript><pre>${escaped(text)}</pre></noscript>
${FRAME}
<script type="application/json" id="recording">${embedded(recording)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** The elements that the script fills. */
const FRAME = `<div id="replay" hidden>
<nav class="controls" aria-label="Steps">
<button type="button" id="back"><span aria-hidden="true">←</span> Back</button>
<p id="where"></p>
<input type="range" id="slider" aria-label="Step" min="0" step="1" value="0">
<button type="button" id="next">Next <span aria-hidden="true">→</span></button>
<div id="glance" aria-hidden="true"></div>
</nav>
<p class="visually-hidden" role="status" id="said"></p>
<main>
<p class="parting"><button type="button" id="parting"></button></p>
<div id="runs"></div>
</main>
<footer>
<p>Step with the buttons, the slider, the arrow keys, Home and End. <span id="legend"></span></p>
</footer>
</div>`;

function asset(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

/** A Content-Security-Policy source that allows exactly this text (CSP level 3, "hash-source"). */
function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** JSON in which no text can end the element that contains it. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
