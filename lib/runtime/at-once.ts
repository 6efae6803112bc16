/**
 * Does a piece of work for every item, at most `atOnce` at the same time, and returns the results in the order of the
 * items. After a failure nothing more is begun.
 *
 * @param atOnce 1 or more.
 * @throws what the first failed work throws.
 */
export async function eachAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const waiting = items.entries();
  let isBroken = false;
  const worker = async (): Promise<void> => {
    // The iterator is shared: each worker takes the next item that nobody has begun.
    for (const [place, item] of waiting) {
      if (isBroken) return;
      try {
        results.set(place, await work(item));
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
