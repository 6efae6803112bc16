import { describe, expect, it } from 'vitest';
import { ASKED_GUARDS } from '../../lib/trail/asked-guards.ts';
import { BATCH_STEPS, sentenceOf } from '../../lib/trail/proof-steps.ts';

const GUARDS = new Set(BATCH_STEPS.flatMap(({ guards }) => guards));

describe('the guards of the proof that a trail is asked about', () => {
  it('are told of every batch of the theory, and of no other guard', () => {
    expect(new Set(Object.keys(ASKED_GUARDS))).toEqual(GUARDS);
    // Every step that sends a batch is among them.
    expect(BATCH_STEPS.map(({ name }) => name)).toEqual([
      ...['make-fence', 'stage', 'flip', 'delete', 'renew', 'freeze', 'freeze-again', 'thaw'],
      ...['tend-offers', 'take', 'rescue-freezes', 'rescue-stages', 'rescue-flips'],
      ...['roots-become-plain', 'names-are-cleared', 'fence-ends'],
    ]);
  });

  it('have a sentence in the proof, and a reason each', () => {
    for (const [guard, entry] of Object.entries(ASKED_GUARDS)) {
      expect(sentenceOf(guard)).not.toBe(guard);
      expect((entry.isAsked ? entry.of : entry.why).length, guard).toBeGreaterThan(10);
    }
  });

  it('leave no step without one that is asked', () => {
    for (const { name, guards } of BATCH_STEPS)
      expect(guards.filter((guard) => ASKED_GUARDS[guard]?.isAsked).length, name).toBeGreaterThan(1);
  });
});
