import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Asks one check of a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface CheckMutantWork {
  readonly replacements: readonly Replacement[];
  /** Which checks are loaded. */
  readonly of: 'page' | 'rollout' | 'take-over' | 'trail' | 'trail-pass';
  /** The one check that is asked. */
  readonly check: string;
}

type Checks = Readonly<Record<string, () => Promise<void>>>;

const CHECKS: Readonly<Record<CheckMutantWork['of'], () => Promise<Checks>>> = {
  page: async () => (await import('../page/page-checks.ts')).PAGE_CHECKS,
  rollout: async () => ({
    ...(await import('../rollout/rollout-checks.ts')).ROLLOUT_CHECKS,
    ...(await import('../rollout/wait-checks.ts')).WAIT_CHECKS,
  }),
  'trail-pass': async () => (await import('../trail-watch/trail-pass-checks.ts')).TRAIL_PASS_CHECKS,
  trail: async () => (await import('../trail/trail-checks.ts')).TRAIL_CHECKS,
  'take-over': async () => {
    const { TAKE_OVER_CHECKS } = await import('../cli/zone/take-over-checks.ts');
    // Commands are loaded when they are typed.
    await import('../../lib/cli/zone/take-over-zone.ts');
    await import('../../lib/cli/zone/give-back-cells.ts');
    return TAKE_OVER_CHECKS;
  },
};

const { replacements, of, check } = await givenWork<CheckMutantWork>();
const stale = replaceOnLoad(replacements);
const checks = await CHECKS[of]();

/** `killed` and why where the check fails. */
async function judged(): Promise<string> {
  const asked = checks[check];
  if (asked === undefined) return `there is no check "${check}"`;
  try {
    await asked();
    return 'alive';
  } catch (error) {
    return `killed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const [message] = stale();
answer(message === undefined ? await judged() : `stale: ${message}`);
