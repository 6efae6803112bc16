import type { Recording } from '../../simulator/recording/recording.ts';
import { escaped, framedPage } from './page-frame.ts';
import { replayTimelineView } from './replay-timeline-view.ts';

/** Columns of the text for a browser without scripts. */
const TEXT_COLUMNS = 120;

/** A page that shows a recording step by step. */
export function replayPage(recording: Recording): Promise<string> {
  const text = replayTimelineView(recording, { width: TEXT_COLUMNS, color: false, boxes: true });
  return framedPage({
    title: recording.title,
    about: recording.about,
    style: 'replay-page.css',
    script: 'replay-page.js',
    body: `<noscript><pre>${escaped(text)}</pre></noscript>
${FRAME}
<script type="application/json" id="recording">${embedded(recording)}</script>`,
  });
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

/** JSON in which no text can end the element that contains it. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
