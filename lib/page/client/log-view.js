import { ask } from './fetched.js';
import { Events, Trouble } from './parts.js';
import { to } from './router.js';
import { html, useState } from './view-library.js';

/** The log as it grows: of all cells, or of one, which can be read further back. */
export function LogView({ cell, state }) {
  const [older, setOlder] = useState({ cell: undefined, events: [], says: undefined });
  const live = state.events.filter((event) => cell === undefined || event.cell === cell);
  const known = older.cell === cell ? older.events : [];
  const first = [...known, ...live].reduce(
    (least, { number }) => Math.min(least, number),
    Number.POSITIVE_INFINITY,
  );
  const readOlder = async () => {
    const response = await ask(`/api/log/${encodeURIComponent(cell)}/${Number.isFinite(first) ? first : 1}`);
    const body = response.ok ? await response.json() : { events: [], says: (await response.text()).trim() };
    setOlder({ cell, events: [...body.events, ...known], says: body.says ?? body.unreadable?.join(' ') });
  };
  const cells = state.cells ?? [];
  return html`<nav class="trail" aria-label="Where this is"><a href="#/">Fleet</a> <span aria-hidden="true">/</span> log</nav>
    <h1 tabindex="-1">${cell === undefined ? 'Log' : `Log of ${cell}`}</h1>
    <p class="filter"><label>Of <select value=${cell ?? ''} onChange=${({ target }) => {
      window.location.hash = target.value === '' ? to('log') : to('log', target.value);
    }}>
      <option value="">all cells</option>${cells.map((each) => html`<option key=${each.cell} value=${each.cell}>${each.cell}</option>`)}</select></label></p>
    <${Trouble} says=${older.cell === cell && older.says !== '' ? older.says : undefined} />
    <section class="panel" aria-label="Events, the newest first"><${Events} events=${[...known, ...live]} withCell=${cell === undefined} limit=${2_000} />
    ${cell === undefined || first <= 1 ? null : html`<p><button type="button" onClick=${readOlder}>Read older events</button></p>`}</section>`;
}
