type Facts = Readonly<Record<string, unknown>>;

/** Notes of one function, which tells a fault that goes on at its beginning and at its end. */
export interface RepeatedNotes {
  /** Begins a run of this cell or ledger. */
  begin(of: string): void;
  /**
   * Says what is new; what was said before is counted.
   *
   * @param said writes the line, in its own way; as every note when absent.
   */
  note(message: string, facts: Facts, said?: (message: string, facts: Facts) => void): void;
  /**
   * Ends the run: what went on in runs before it and did not occur in it is over, which is said with how often it was.
   *
   * @param isWhole whether it did its work: one that ended early says nothing of what it did not come to.
   */
  end(isWhole: boolean): void;
}

interface Fault {
  readonly message: string;
  readonly facts: Facts;
  readonly first: number;
  last: number;
  times: number;
}

/** So many faults are remembered at once; what is beyond is said each time. */
const FAULTS_MAX = 200;
/** Counts and times in a text differ from one occurrence to the next; digits of a name make another fault. */
const COUNTS = /(?<![\w.:/-])\d+(?![\w.:/-])/g;

/**
 * A dependency that fails for an hour is met at every request of every run, and each occurrence says the same: two lines
 * say it all, the first occurrence and the last with a count (docs/adr/0071-a-fault-is-told-twice.md). Another text, or
 * another cell, is another fault. What was said is remembered as long as the container works.
 *
 * @param said writes a line.
 * @param now milliseconds since 1970.
 */
export function repeatedNotes(
  said: (message: string, facts: Facts) => void,
  now: () => number,
): RepeatedNotes {
  const known = new Map<string, Map<string, Fault>>();
  const occurred = new Set<string>();
  let run = '';
  const faults = (): Map<string, Fault> => known.get(run) ?? new Map();
  const size = () => [...known.values()].reduce((sum, each) => sum + each.size, 0);
  return {
    begin: (of) => {
      run = of;
      occurred.clear();
    },
    note: (message, facts, write = said) => {
      const own = faults();
      const key = keyOf(message, facts);
      occurred.add(key);
      const fault = own.get(key);
      if (fault !== undefined) {
        fault.times += 1;
        fault.last = now();
        return;
      }
      if (size() < FAULTS_MAX) {
        own.set(key, { message, facts, first: now(), last: now(), times: 1 });
        known.set(run, own);
      }
      write(message, facts);
    },
    end: (isWhole) => {
      if (!isWhole) return;
      const own = faults();
      for (const [key, { message, facts, first, last, times }] of own) {
        if (occurred.has(key)) continue;
        own.delete(key);
        if (times === 1) continue;
        const [since, until] = [first, last].map((at) => new Date(at).toISOString());
        said(`over: ${message}`, { ...facts, since, until, times });
      }
      if (own.size === 0) known.delete(run);
    },
  };
}

function keyOf(message: string, facts: Facts): string {
  return JSON.stringify([message, facts], (_, value: unknown) => {
    if (typeof value === 'number') return '#';
    return typeof value === 'string' ? value.replace(COUNTS, '#') : value;
  });
}
