/** A run in which the zone goes back, and the bugs with which it did harm. */
export interface ReturnedZone {
  readonly harm: string;
  /** The run with the bugs, found by a search or by seeds. It does no harm without them. */
  readonly line: string;
  /** Names of seeded bugs, all of them at once. */
  readonly bugs: readonly string[];
  /** What a checker says with them. */
  readonly violation: string;
  /** A run without them in which the zone goes back where it matters; `line`, unless the bugs alone make that possible. */
  readonly mended?: string;
}

/**
 * The four harms of a zone that goes back to an earlier commit (docs/adr/0053-a-zone-may-go-back.md), the second one in
 * its three forms. `pawl replay LINE` shows each.
 */
export const RETURNED_ZONES: readonly ReturnedZone[] = [
  {
    // Tree 4 is staged and lost, and staged again. The first change is unknown and old, the second is PENDING.
    harm: 'an empty answer from a flip',
    line: 'returned-flip+:3z,2,10z,1',
    bugs: ['an old change that is not known counts as everywhere'],
    violation: 'I2: api.example.test A points at g000004.',
  },
  {
    // The freeze says done while its fence is PENDING, and then the zone goes back to before it.
    harm: 'a freeze lost after it said done',
    line: 'returned-freeze+:10z,1',
    bugs: ['a freeze that is done before it is INSYNC'],
    violation: 'I7: a batch of quiet-enactor-sweep went through a cell that was frozen',
    mended: 'returned-freeze+:4z,2',
  },
  {
    // The ledger is away, and the freeze of the fence alone says done while that is PENDING: no trace of it is left.
    harm: 'a freeze of the fence alone lost after it said done',
    line: 'returned-fence-only+:8z,1',
    bugs: ['a freeze that is done before it is INSYNC'],
    violation: 'I7: a batch of quiet-enactor-sweep went through a cell that was frozen',
    mended: 'returned-fence-only+:3z,2',
  },
  {
    // The freeze dies once the log has it, and the zone goes back: nobody else writes the fence.
    harm: 'a freeze of which the fence learns nothing',
    line: 'returned-freeze+:1z,1,12z,1,3z,1',
    bugs: ['a frozen log that leaves its fence as it is'],
    violation: 'the cell is frozen in the log, and its fence lets batches through',
  },
  {
    // A thaw's fence, then a freeze's. The zone goes back to the first, and the log says frozen.
    harm: 'a freeze undone by an older thaw',
    line: 'returned-thaw:10z,2',
    bugs: ['a freeze that is done before it is INSYNC', 'a frozen log that leaves its fence as it is'],
    violation: 'the cell is frozen in the log, and its fence lets batches through',
  },
  {
    // An enactor tells the log of a rescue, whose fence then goes back. The log says rescued, and not frozen.
    harm: 'a rescue undone',
    line: 'return-and-rescue~:1z,3,4z,6,5z,1',
    bugs: ['a rescue in the log that binds nobody'],
    violation: 'the cell is frozen in the log, and its fence lets batches through',
  },
];
