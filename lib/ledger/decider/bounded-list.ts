/**
 * Keeps a list within its bound. Each entry gets the fullest of its forms for which there is room beside the barest form
 * of every other; an entry is left out only where not even its barest form fits. Earlier entries come first. Pure.
 *
 * @param forms of one entry, the fullest first and the barest last.
 * @param bytesMax UTF-8 octets of the whole list's JSON.
 */
export function withinBytes<Entry>(
  entries: readonly Entry[],
  forms: (entry: Entry) => readonly [...Entry[], Entry],
  bytesMax: number,
): readonly Entry[] {
  // The brackets, and a comma after each entry but the last.
  let free = bytesMax - 1;
  const fitting = entries.flatMap((entry) => {
    const sized = forms(entry).map((form) => ({ form, bytes: jsonBytes(form) + 1 }));
    const bare = sized.at(-1)?.bytes ?? 0;
    if (bare > free) return [];
    free -= bare;
    return [{ sized, bare }];
  });
  return fitting.flatMap(({ sized, bare }) => {
    const chosen = sized.find(({ bytes }) => bytes - bare <= free);
    if (chosen === undefined) return [];
    free -= chosen.bytes - bare;
    return [chosen.form];
  });
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}
