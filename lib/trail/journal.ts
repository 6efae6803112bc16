/**
 * What undoes the changes of a state that is played in several orders. It is empty while a state is played once, as nearly
 * every time.
 */
export interface Journal {
  undo: (() => void)[] | undefined;
}

/** Writes one entry of a state's map; undefined removes it. */
export function put<Key, Value>(
  journal: Journal,
  map: Map<Key, Value>,
  key: Key,
  value: Value | undefined,
): void {
  if (journal.undo !== undefined) {
    const before = map.get(key);
    journal.undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
  }
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** Takes everything back that was written since `mark`, a length of the journal. */
export function takeBack(journal: Journal, mark: number): void {
  const { undo } = journal;
  while (undo !== undefined && undo.length > mark) undo.pop()?.();
}
