/** Bodies by key, the least recently used first to go. They never change, so a cached one is never stale. */
export interface BodyCache {
  get(key: string): string | undefined;
  put(key: string, text: string): void;
}

/** JavaScript holds a text in one or two octets a character; two are counted. */
const BYTES_A_CHARACTER = 2;

/** A cache of at most `bytesMax` octets of text; a text larger than that is not kept. */
export function bodyCache(bytesMax: number): BodyCache {
  // A Map iterates in order of insertion: what is used again is taken out and put in at the end.
  const texts = new Map<string, string>();
  let bytes = 0;

  function drop(key: string, text: string): void {
    texts.delete(key);
    bytes -= text.length * BYTES_A_CHARACTER;
  }

  return {
    get: (key) => {
      const text = texts.get(key);
      if (text === undefined) return undefined;
      texts.delete(key);
      texts.set(key, text);
      return text;
    },
    put: (key, text) => {
      const known = texts.get(key);
      if (known !== undefined) drop(key, known);
      if (text.length * BYTES_A_CHARACTER > bytesMax) return;
      texts.set(key, text);
      bytes += text.length * BYTES_A_CHARACTER;
      for (const [oldest, old] of texts) {
        if (bytes <= bytesMax) break;
        drop(oldest, old);
      }
    },
  };
}
