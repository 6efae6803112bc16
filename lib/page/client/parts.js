import { clockTime, lasting, moment, percent } from './moments.js';
import { to } from './router.js';
import { html, useState } from './view-library.js';

const SIGNS = { good: '●', careful: '▲', bad: '■', faint: '○', strong: '●', unknown: '?' };
const COPIED_MS = 1_600;

/** A cell's condition, as a word and a sign: its colour says nothing more. */
export function Badge({ tone, word, isOld = false }) {
  const shown = isOld ? 'unknown' : tone;
  return html`<span class="badge ${shown}"><span aria-hidden="true">${SIGNS[shown]}</span> <span class="word">${isOld ? 'was ' : ''}${word.replaceAll('-', ' ')}</span></span>`;
}

/** A command with a button that copies it. */
export function Command({ line }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(line);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return html`<span class="command">
    <code>${line}</code>
    <button type="button" class="copy" aria-label=${`Copy ${line}`} onClick=${copy}>${copied ? 'Copied' : 'Copy'}</button>
    <span class="visually-hidden" role="status">${copied ? 'Copied' : ''}</span>
  </span>`;
}

/** A sentence of the server, with its commands ready to be copied. */
export function Sentence({ parts }) {
  return html`<p class="sentence">${parts.map((part) =>
    'command' in part ? html`<${Command} line=${part.command} />` : html`<span>${part.text}</span>`,
  )}</p>`;
}

/** What a person can type next. */
export function Next({ lines }) {
  return html`<section class="panel" aria-labelledby="next"><h2 id="next">What to type next</h2>
    <ul class="plain">${lines.map((line) => html`<li><${Command} line=${line} /></li>`)}</ul></section>`;
}

/** A share as a bar and a number; where it changes, the number that it becomes. */
export function Share({ before, after, permille = (before ?? after)?.permille ?? null }) {
  if (before === null && after === null) return null;
  if (permille === null) return html`<span class="share"><span class="quiet">one of several</span></span>`;
  const now = before?.permille ?? 0;
  const then = after?.permille ?? 0;
  const isChanging = before !== after && now !== then;
  return html`<span class="share">
    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-ground" width="1000" height="10" />
      <rect class="bar-fill" width=${now} height="10" />
      ${isChanging ? html`<rect class="bar-then" x=${Math.min(now, then)} width=${Math.abs(now - then)} height="10" />` : null}
    </svg>
    <span class="number">${percent(now)}${isChanging ? html` <span class="then">→ ${percent(then)}</span>` : null}</span>
  </span>`;
}

/** A moment with how long ago it was. */
export function Ago({ at, now }) {
  if (at === null || at === undefined) return html`<span>-</span>`;
  return html`<time dateTime=${new Date(at).toISOString()} title=${moment(at)}>${now === undefined ? moment(at) : `${lasting(now - at)} ago`}</time>`;
}

/** Events, the newest first. */
export function Events({ events, withCell = true, limit = 400 }) {
  const shown = events.slice(-limit).toReversed();
  if (shown.length === 0) return html`<p class="quiet">Nothing has happened yet.</p>`;
  return html`<ol class="events" reversed>${shown.map(
    (event) => html`<li key=${`${event.cell} ${event.number}`} class=${event.tone} data-event=${event.type}>
      <span class="sign" aria-hidden="true">${SIGNS[event.tone]}</span>
      <div>
        <p class="event-text">${event.text}</p>
        <p class="event-about"><time dateTime=${new Date(event.at).toISOString()} title=${moment(event.at)}>${clockTime(event.at)}</time>
        ${withCell ? html` · <a href=${to('cell', event.cell)}>${event.cell}</a>` : null} · #${event.number} · ${event.by}</p>
      </div>
    </li>`,
  )}</ol>`;
}

/** What could not be read, and that it is tried again. */
export function Trouble({ says }) {
  return says === undefined ? null : html`<p class="boxed bad" role="alert">${says}</p>`;
}

/** `@12`, or a dash. */
export function generation(number) {
  return number === null || number === undefined ? '-' : `@${number}`;
}
