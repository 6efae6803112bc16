import { ask } from './fetched.js';

const AGAIN_MS = 1_000;
const EVENTS_KEPT = 400;

/** What the page knows before it has heard anything. */
export const NOTHING_HEARD = {
  stream: 'opening',
  brokenSince: undefined,
  says: undefined,
  heardAt: undefined,
  everyMs: 2_000,
  world: undefined,
  now: undefined,
  lookedAt: null,
  failed: null,
  cells: undefined,
  events: [],
};

/** Follows the looks of the server until the signal is aborted, and comes again when the stream breaks. */
export async function followLooks(update, signal) {
  while (!signal.aborted) {
    await followOnce(update, signal);
    if (signal.aborted) return;
    update((state) => ({ ...state, brokenSince: state.brokenSince ?? Date.now() }));
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function followOnce(update, signal) {
  try {
    const about = await ask('/api/world', signal);
    const response = about.ok ? await ask('/events', signal) : about;
    if (!response.ok) {
      const says = (await response.text()).trim();
      update((state) => ({ ...state, stream: response.status === 401 ? 'locked' : 'broken', says }));
      return;
    }
    const { world, everyMs } = await about.json();
    update((state) => ({ ...state, world, everyMs }));
    let isFirst = true;
    for await (const news of newsOf(response.body)) {
      const isAnew = isFirst;
      update((state) => heard(state, news, isAnew));
      isFirst = false;
    }
    update((state) => ({ ...state, stream: 'broken' }));
  } catch {
    update((state) => ({ ...state, stream: 'broken' }));
  }
}

function heard(state, news, isAnew) {
  const { events = [], cells = state.cells, ...rest } = news;
  const known = isAnew ? [] : state.events;
  return {
    ...state,
    ...rest,
    cells,
    events: events.length === 0 && !isAnew ? state.events : [...known, ...events].slice(-EVENTS_KEPT),
    stream: 'live',
    brokenSince: undefined,
    says: undefined,
    heardAt: Date.now(),
  };
}

/** The data of each server-sent event of a body. */
async function* newsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data: '));
      if (data.length > 0) yield JSON.parse(data.map((line) => line.slice('data: '.length)).join('\n'));
    }
  }
}

/**
 * Whether what is shown can be believed, by what was heard and when: `live`, or why not, with a sentence.
 *
 * @param now milliseconds since 1970, of this browser.
 */
export function beliefOf(state, now) {
  const { stream, failed, lookedAt, heardAt, everyMs, brokenSince, says } = state;
  if (stream === 'locked') return { is: 'locked', says };
  if (stream === 'broken')
    return {
      is: 'stale',
      since: brokenSince ?? now,
      says: says ?? 'The server of this page does not answer.',
    };
  if (stream === 'opening' || heardAt === undefined) return { is: 'opening' };
  if (failed !== null) return { is: 'failed', since: failed.since, says: failed.reason };
  const patienceMs = Math.max(6_000, everyMs * 4);
  if (now - heardAt > patienceMs)
    return {
      is: 'stale',
      since: heardAt,
      says: 'No look has ended since: the ledger or Route 53 is slow, or this machine slept.',
    };
  return lookedAt === null ? { is: 'opening' } : { is: 'live' };
}
