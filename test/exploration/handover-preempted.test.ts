import { describe, expect, it } from 'vitest';
import { brokenBy, INTERLOPERS, MAINS } from '../support/preempted-handover.ts';

for (const main of MAINS)
  describe(`${main.name}, stopped before each of its calls`, () => {
    it.each(Object.entries(INTERLOPERS))(
      'meanwhile: %s',
      async (_, meanwhile) => {
        expect(await brokenBy(main, meanwhile)).toEqual([]);
      },
      600_000,
    );
  });
