import { registerHooks } from 'node:module';
import type { Replacement } from './mutant.ts';

/**
 * Replaces texts of the library as it is loaded from here on. Nothing is written to disk.
 *
 * @returns a function to call once everything is loaded: it returns the texts that do not occur exactly once.
 */
export function replaceOnLoad(replacements: readonly Replacement[]): () => readonly string[] {
  const pending = new Set(replacements);
  const stale: string[] = [];
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const mine = replacements.filter(({ file }) => url.endsWith(`/lib/${file}`));
      if (mine.length === 0) return loaded;
      let source = String(loaded.source);
      for (const replacement of mine) {
        const parts = source.split(replacement.find);
        if (parts.length !== 2)
          stale.push(`${replacement.file} holds this ${parts.length - 1} times: ${replacement.find}`);
        source = parts.join(replacement.put);
        pending.delete(replacement);
      }
      return { ...loaded, source };
    },
  });
  return () => [...stale, ...[...pending].map(({ file }) => `${file} is not loaded`)];
}
