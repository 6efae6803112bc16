import { afterAll, test } from 'vitest';
import type { Need } from './abilities.ts';

export interface StepNeeds {
  readonly needs?: readonly Need[];
  /** The rest of the suite does not build on what this step leaves behind. */
  readonly standsAlone?: boolean;
}

/**
 * The steps of a suite that build on each other. One that this place cannot do is skipped with the reason, and counted
 * at the end; after one that failed the rest is skipped, because every failure of theirs would be this one's, minutes later.
 *
 * @param whyNot why a need cannot be met here, if it cannot.
 */
export function steps(whyNot: (need: Need) => Promise<string | undefined>) {
  const skipped: { readonly name: string; readonly reason: string }[] = [];
  let failed: string | undefined;
  afterAll(() => {
    if (skipped.length > 0)
      process.stdout.write(
        [
          `\nSteps that could not be done here: ${skipped.length}`,
          ...skipped.map(({ name, reason }) => `- ${name}: ${reason}`),
          '',
        ].join('\n'),
      );
  });
  return {
    /** The names of the steps that this place cannot do, up to now. */
    skipped: (): readonly string[] => skipped.map(({ name }) => name),
    step: (name: string, { needs = [], standsAlone = false }: StepNeeds, perform: () => Promise<void>) =>
      test(name, async (context) => {
        if (failed !== undefined) context.skip(`the step "${failed}" failed`);
        for (const need of needs) {
          const reason = await whyNot(need);
          if (reason === undefined) continue;
          skipped.push({ name, reason });
          context.skip(reason);
        }
        try {
          await perform();
        } catch (error) {
          if (!standsAlone) failed = name;
          throw error;
        }
      }),
  };
}
