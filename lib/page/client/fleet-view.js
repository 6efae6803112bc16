import { lasting } from './moments.js';
import { Badge, Events, generation, Sentence } from './parts.js';
import { to } from './router.js';
import { html } from './view-library.js';

const URGENCY = ['bad', 'careful', 'strong', 'faint', 'good'];
const ELSEWHERE = 'Other cells';
const EVENTS_SHOWN = 14;

/** The whole fleet at a glance: cells by Region, those that need somebody first. */
export function FleetView({ state, isOld, now }) {
  const { cells, events } = state;
  if (cells === undefined)
    return html`<h1 tabindex="-1">Fleet</h1><p class="quiet">Looking at every cell …</p>`;
  if (cells.length === 0)
    return html`<h1 tabindex="-1">Fleet</h1><p class="boxed">The ledger has no cells yet: push a fleet file.</p>`;
  return html`<div class="two-columns">
    <div>
      <h1 tabindex="-1">Fleet</h1>
      <${Counts} cells=${cells} isOld=${isOld} />
      <div class="regions">${byRegion(cells).map(
        ([
          region,
          some,
        ]) => html`<section key=${region} aria-label=${region} class=${some.length > 1 ? 'region wide' : 'region'}>
          <h2>${region} <span class="quiet">${some.length === 1 ? '1 cell' : `${some.length} cells`}</span></h2>
          <ul class="cards">${some.map((cell) => html`<${Card} key=${cell.cell} cell=${cell} isOld=${isOld} now=${now} />`)}</ul>
        </section>`,
      )}</div>
    </div>
    <section class="panel side" aria-labelledby="happened">
      <h2 id="happened">What happened</h2>
      <${Events} events=${events} limit=${EVENTS_SHOWN} />
      <p><a href=${to('log')}>The whole log</a></p>
    </section>
  </div>`;
}

/** How many cells are in each condition, the most urgent first. */
function Counts({ cells, isOld }) {
  const counts = new Map();
  for (const { condition, tone } of cells) {
    const { count = 0 } = counts.get(condition) ?? {};
    counts.set(condition, { count: count + 1, tone });
  }
  const sorted = [...counts].sort(([, a], [, b]) => URGENCY.indexOf(a.tone) - URGENCY.indexOf(b.tone));
  return html`<ul class="counts" aria-label="Cells by condition">${sorted.map(
    ([condition, { count, tone }]) =>
      html`<li key=${condition}><strong>${count}</strong> <${Badge} tone=${tone} word=${condition} isOld=${isOld} /></li>`,
  )}</ul>`;
}

function byRegion(cells) {
  const regions = new Map();
  for (const cell of cells) {
    const region = cell.region ?? ELSEWHERE;
    regions.set(region, [...(regions.get(region) ?? []), cell]);
  }
  const urgency = ({ tone }) => URGENCY.indexOf(tone);
  return [...regions]
    .sort(([a], [b]) => (a === ELSEWHERE) - (b === ELSEWHERE) || (a < b ? -1 : 1))
    .map(([region, some]) => [
      region,
      some.toSorted((a, b) => urgency(a) - urgency(b) || (a.cell < b.cell ? -1 : 1)),
    ]);
}

function Card({ cell: card, isOld, now }) {
  const { cell, zone, condition, tone, goal, applied, fence, since, endpoints, remarks } = card;
  return html`<li class="card ${isOld ? 'unknown' : tone}" data-cell=${cell}>
    <div class="card-head">
      <h3><a href=${to('cell', cell)}>${cell}</a></h3>
      <${Badge} tone=${tone} word=${condition} isOld=${isOld} />
    </div>
    <p class="quiet">${zone ?? 'no zone yet'}</p>
    <dl class="facts">
      <div><dt>Applied</dt><dd>${generation(applied?.generation)}</dd></div>
      <div><dt>Goal</dt><dd>${generation(goal)}</dd></div>
      <div><dt>Fence</dt><dd>${fence === null ? '-' : `seq ${fence.seq}`}</dd></div>
      <div><dt>Endpoints</dt><dd>${endpoints}</dd></div>
      <div><dt>For</dt><dd>${since === null ? '-' : lasting(now - since)}</dd></div>
    </dl>
    ${remarks.map((parts, index) => html`<${Sentence} key=${index} parts=${parts} />`)}
  </li>`;
}
