import { CellView } from './cell-view.js';
import { CompareView } from './compare-view.js';
import { beliefOf, followLooks, NOTHING_HEARD } from './feed.js';
import { FleetView } from './fleet-view.js';
import { LogView } from './log-view.js';
import { clockTime, lasting } from './moments.js';
import { NameView } from './name-view.js';
import { to, useRoute } from './router.js';
import { html, render, useEffect, useRef, useState } from './view-library.js';

const SECOND_MS = 1_000;

function Page() {
  const [state, setState] = useState(NOTHING_HEARD);
  const [here, setHere] = useState(Date.now());
  const words = useRoute();
  const main = useRef(null);
  useEffect(() => {
    const ending = new AbortController();
    void followLooks(setState, ending.signal);
    const timer = setInterval(() => setHere(Date.now()), SECOND_MS);
    return () => {
      ending.abort();
      clearInterval(timer);
    };
  }, []);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current?.querySelector('h1')?.focus();
    isFirst.current = false;
    window.scrollTo(0, 0);
  }, [words.join('/')]);
  const belief = beliefOf(state, here);
  const isOld = belief.is !== 'live';
  // Times are told by the clock of the server's machine.
  const now = state.now === undefined ? here : Math.max(state.now, state.now + here - state.heardAt);
  const waiting = (state.cells ?? []).filter(({ tone }) => tone === 'bad' || tone === 'careful').length;
  document.title = `${isOld ? '? ' : waiting > 0 ? `(${waiting}) ` : ''}${words.slice(1).join(' ') || words[0] || 'fleet'} · Pawl`;
  return html`<a class="skip" href="#content" onClick=${(event) => {
    event.preventDefault();
    main.current?.querySelector('h1')?.focus();
  }}>Skip to the content</a>
    <${Header} state=${state} belief=${belief} words=${words} here=${here} />
    <main id="content" class=${isOld ? 'old' : ''} ref=${main}>${viewOf(words, { state, isOld, now })}</main>
    <footer><p>This page only reads. ${state.world === undefined ? '' : state.world.title}</p></footer>`;
}

function viewOf([kind, first, second, third], shared) {
  if (shared.state.stream === 'locked')
    return html`<h1 tabindex="-1">Locked</h1><p class="boxed bad" role="alert">${shared.state.says}</p>`;
  if (kind === undefined) return html`<${FleetView} ...${shared} />`;
  if (kind === 'cell' && first !== undefined)
    return html`<${CellView} key=${first} name=${first} ...${shared} />`;
  if (kind === 'name' && first !== undefined)
    return html`<${NameView} key=${first} name=${first} ...${shared} />`;
  if (kind === 'log') return html`<${LogView} cell=${first} ...${shared} />`;
  if (kind === 'compare' && third !== undefined)
    return html`<${CompareView} cell=${first} before=${second} after=${third} />`;
  return html`<h1 tabindex="-1">Nothing here</h1><p><a href="#/">The fleet</a></p>`;
}

function Header({ state, belief, words, here }) {
  const isAt = (kind) => (words[0] === kind ? 'page' : undefined);
  return html`<header class="top">
    <a class="brand" href="#/"><img src="/mark.svg" alt="" width="24" height="24" /> Pawl</a>
    <nav aria-label="Views"><a href="#/" aria-current=${isAt(undefined)}>Fleet</a> <a href=${to('log')} aria-current=${isAt('log')}>Log</a></nav>
    <p class="freshness ${belief.is}"><span class="sign" aria-hidden="true"></span> ${freshness(state, belief, here)}</p>
  </header>
  <div role="status" class="stale-says">${belief.is === 'stale' || belief.is === 'failed' ? html`<p class="boxed bad"><strong>${staleHead(belief)}</strong> ${belief.says}</p>` : null}</div>`;
}

function freshness({ heardAt, now, lookedAt }, { is }, here) {
  if (is === 'live') return `Live, looked ${lasting(now - lookedAt + here - heardAt)} ago`;
  if (is === 'opening') return 'Opening';
  if (is === 'locked') return 'Locked';
  return lookedAt === null ? 'Never looked' : `Last look at ${clockTime(lookedAt)} UTC`;
}

function staleHead({ is, since }) {
  const when = `${clockTime(since)} UTC`;
  return is === 'failed'
    ? `Nobody can see how the fleet is since ${when}.`
    : `This page is stale since ${when}.`;
}

render(html`<${Page} />`, document.getElementById('page'));
