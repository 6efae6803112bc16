import { useEffect, useState } from './view-library.js';

const TOKEN = '#token=';
const KEPT_AS = 'pawl-page-token';

/**
 * The token of the address that was printed. It stands in the fragment, which no browser sends anywhere, and leaves the
 * address at once; this tab alone keeps it, so that a reload finds it.
 */
export function takeToken() {
  const { hash } = window.location;
  if (hash.startsWith(TOKEN)) {
    sessionStorage.setItem(KEPT_AS, hash.slice(TOKEN.length));
    history.replaceState(null, '', '/#/');
  }
  return sessionStorage.getItem(KEPT_AS);
}

/** The address of a view: `#/cell/use1-a`. */
export function to(...words) {
  return `#/${words.map((word) => encodeURIComponent(word)).join('/')}`;
}

/** The words of the address now: `['cell', 'use1-a']`; none for the fleet. */
export function useRoute() {
  const [words, setWords] = useState(wordsNow);
  useEffect(() => {
    const follow = () => setWords(wordsNow());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return words;
}

function wordsNow() {
  const path = window.location.hash.replace(/^#\/?/, '');
  try {
    return path === '' ? [] : path.split('/').map(decodeURIComponent);
  } catch {
    return ['unknown'];
  }
}
