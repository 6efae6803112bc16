import { useFetched } from './fetched.js';
import { percent } from './moments.js';
import { Badge, generation, Next, Trouble } from './parts.js';
import { to } from './router.js';
import { html } from './view-library.js';

const TONES = { added: 'good', removed: 'bad', changed: 'careful' };

/** Two plans of a cell beside each other: weights before and after, and how much traffic moves. */
export function CompareView({ cell, before, after }) {
  const { document: seen, trouble } = useFetched(
    `/api/compare/${[cell, before, after].map(encodeURIComponent).join('/')}`,
  );
  return html`<nav class="trail" aria-label="Where this is"><a href="#/">Fleet</a> <span aria-hidden="true">/</span> <a href=${to('cell', cell)}>${cell}</a></nav>
    <h1 tabindex="-1">${cell}: ${generation(before)} and ${generation(after)}</h1>
    <${Trouble} says=${trouble} />
    ${seen === undefined ? (trouble === undefined ? html`<p class="quiet">Reading …</p>` : null) : html`<${Compared} seen=${seen} />`}`;
}

function Compared({ seen }) {
  const { cell, before, after, plans, endpoints, unchanged, movedPermille, next } = seen;
  const go = (old, now) => {
    window.location.hash = to('compare', cell, old, now);
  };
  const choice = (label, value, choose) =>
    html`<label>${label} <select value=${String(value)} onChange=${({ target }) => choose(target.value)}>${plans.map(({ generation: number, is }) => html`<option key=${number} value=${String(number)}>@${number}${is.length === 0 ? '' : ` (${is.join(', ')})`}</option>`)}</select></label>`;
  return html`<p class="filter">${choice('Before', before, (value) => go(value, String(after)))} ${choice('After', after, (value) => go(String(before), value))}</p>
    <p>${endpoints.length === 0 ? 'No endpoint changes.' : `${endpoints.length === 1 ? '1 endpoint changes' : `${endpoints.length} endpoints change`}, ${unchanged} stay; at most ${percent(movedPermille)} of an endpoint's traffic moves.`}</p>
    ${endpoints.map((endpoint) => html`<${Changed} key=${endpoint.name} endpoint=${endpoint} />`)}
    <${Next} lines=${next} />`;
}

function Changed({ endpoint }) {
  const { name, change, leaves, branches = [], ttl, kind, movedPermille } = endpoint;
  const words = [
    ttl === undefined ? null : `TTL ${ttl.before} s → ${ttl.after} s`,
    kind === undefined ? null : `${kind.before} → ${kind.after}`,
    ...branches.map(({ branch, before, after }) => `branch ${branch}: ${before ?? '-'} → ${after ?? '-'}`),
  ].filter(Boolean);
  return html`<article class="panel" aria-label=${name}><div class="card-head"><h2><a href=${to('name', name)}>${name}</a></h2><${Badge} tone=${TONES[change]} word=${change} /><span class="quiet">${percent(movedPermille)} moves</span></div>
    ${words.map((word) => html`<p key=${word}>${word}</p>`)}
    ${
      leaves.length === 0
        ? null
        : html`<div class="scroll" tabindex="0" role="group" aria-label=${`Changes of ${name}`}><table><thead><tr><th scope="col">Target</th><th scope="col">Type</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
      <tbody>${leaves.map((leaf) => html`<tr key=${`${leaf.node ?? ''} ${leaf.target} ${leaf.type}`}><th scope="row"><code>${leaf.target}</code>${leaf.node === undefined ? null : html` <span class="quiet">in ${leaf.node}</span>`}</th><td>${leaf.type}</td><td>${leaf.weightBefore ?? '-'}</td><td>${leaf.weightAfter ?? '-'}${leaf.answer === undefined ? '' : ` (${leaf.answer.before} → ${leaf.answer.after})`}</td></tr>`)}</tbody></table></div>`
    }</article>`;
}
