import { takeToken } from './router.js';
import { useEffect, useState } from './view-library.js';

const token = takeToken();
const AGAIN_MS = 1_500;

/** A request of this page, with its token where it has one. */
export function ask(path, signal) {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(path, { headers, signal, cache: 'no-store' });
}

/**
 * What the server says of a view, read again whenever `version` is another one. `trouble`: why what is shown may be old,
 * or why nothing is.
 */
export function useFetched(path, version) {
  const [state, setState] = useState({ path, document: undefined, trouble: undefined });
  useEffect(() => {
    const ending = new AbortController();
    let timer;
    const read = async () => {
      const answer = await read1(path, ending.signal);
      if (ending.signal.aborted) return;
      setState((before) => ({
        path,
        document: answer.document ?? (before.path === path ? before.document : undefined),
        trouble: answer.trouble,
      }));
      if (answer.again) timer = setTimeout(read, AGAIN_MS);
    };
    void read();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [path, version]);
  return state.path === path ? state : { path, document: undefined, trouble: undefined };
}

async function read1(path, signal) {
  try {
    const response = await ask(path, signal);
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const body = isJson ? await response.json() : { says: await response.text() };
    if (response.ok) return { document: body, again: false };
    // What is not there is not there; what could not be read is asked for again.
    return { trouble: body.says, again: response.status >= 500 };
  } catch {
    return { trouble: 'The server of this page does not answer.', again: true };
  }
}
