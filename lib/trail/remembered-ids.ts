/** Ids that were seen, the newest of them: as many as `max`, and at least half as many. */
export interface RememberedIds {
  /** @returns whether the id is new. */
  add(id: string): boolean;
  /** How many are remembered. */
  count(): number;
}

/** Half of them are forgotten at once: a map that forgets one for each that comes looks through all that it forgot. */
export function rememberedIds(max: number): RememberedIds {
  let older = new Set<string>();
  let newer = new Set<string>();
  return {
    add: (id) => {
      if (newer.has(id) || older.has(id)) return false;
      newer.add(id);
      if (newer.size * 2 >= max) {
        older = newer;
        newer = new Set();
      }
      return true;
    },
    count: () => newer.size + older.size,
  };
}
