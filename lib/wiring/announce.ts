/** What is done with a batch of news, each of it once. */
export interface Announcement<Untaken> {
  /** Wakes whom the news concerns; says how many were to be woken, and why some were not. Never throws. */
  readonly wake: () => Promise<{ readonly asked: number; readonly failures: readonly Error[] }>;
  /** Keeps the anchors. */
  readonly keep: () => Promise<void>;
  /** Tells the events; says which were not taken. Never throws. */
  readonly tell: () => Promise<readonly Untaken[]>;
}

/**
 * Hands a batch of news on, in the order of what rests on it: whoever is to work is woken first, then evidence is kept,
 * and then whoever waits outside is told. What fails holds up nothing of what follows
 * (docs/adr/0080-events-leave-by-the-herald.md).
 *
 * @returns what was not taken, when all else was.
 * @throws what kept the anchors from being kept, else AggregateError of the hints that were not taken: at the end.
 */
export async function announce<Untaken>({
  wake,
  keep,
  tell,
}: Announcement<Untaken>): Promise<readonly Untaken[]> {
  const { asked, failures } = await wake();
  const [kept] = await Promise.allSettled([keep()]);
  const untaken = await tell();
  if (kept.status === 'rejected') throw kept.reason;
  if (failures.length === 0) return untaken;
  const reasons = failures.map(({ message }) => message).join('; ');
  throw new AggregateError(failures, `${failures.length} of ${asked} hints were not taken: ${reasons}`);
}
