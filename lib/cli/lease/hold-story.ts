import type { HoldOutcome } from '../../lease/holder.ts';
import type { Instant } from '../../runtime/clock.ts';
import { clause, counted } from '../printing/paper.ts';

/** What a period came to, for a person. `file`: the members could not be read, and nothing was sent. */
export type PeriodResult = HoldOutcome | { readonly type: 'file'; readonly reason: string };

/** What is said when something has changed, and for --json as a document. */
export interface StoryLine {
  readonly at: Instant;
  readonly group: string;
  readonly by: string;
  /** Whether the holder may act. */
  readonly mayAct: boolean;
  readonly state: PeriodResult['type'];
  readonly e?: number;
  readonly reason?: string;
  /** How many periods were missed before this line. */
  readonly missed?: number;
  readonly text: string;
}

export interface HoldStory {
  /**
   * The line for a period; undefined when all is as it was said last.
   *
   * @param isNew false where the same period is told once more, because its holder's time has ended since.
   */
  tell(result: PeriodResult, mayAct: boolean, at: Instant, isNew?: boolean): StoryLine | undefined;
}

/**
 * Says what changes from one period to another, never what stays: a table that is away for an hour makes a line when it
 * goes and one when it is back, with the count of what was missed between them.
 */
export function holdStory(group: string, by: string): HoldStory {
  let before = '';
  let missed = 0;
  return {
    tell: (result, mayAct, at, isNew = true) => {
      const isMissed = result.type === 'missed' || result.type === 'file';
      const counting = missed;
      if (isNew) missed = isMissed ? missed + 1 : 0;
      const key = `${result.type} ${mayAct} ${'e' in result ? result.e : ''} ${result.type === 'others' ? result.by : ''}`;
      if (key === before) return undefined;
      before = key;
      return {
        at,
        group,
        by,
        mayAct,
        state: result.type,
        ...('e' in result ? { e: result.e } : {}),
        ...('reason' in result ? { reason: result.reason } : {}),
        ...(counting > 0 ? { missed: counting } : {}),
        text: `${group}: ${sentence(result, by, mayAct)}${counting > 0 ? ` ${counted(counting, 'period')} before this came to nothing.` : ''}`,
      };
    },
  };
}

function sentence(result: PeriodResult, by: string, mayAct: boolean): string {
  const acts = mayAct ? 'Its time goes on.' : `${by} may not act.`;
  switch (result.type) {
    case 'held':
      return `held by ${by}, epoch ${result.e}.`;
    case 'others':
      return `${result.by} holds it; ${by} takes it over once it has lapsed.`;
    case 'no-tick':
      return `its zone has no tick, because no planner has looked at it yet. ${acts}`;
    case 'missed':
    case 'file':
      return `nothing is known to be written (${clause(result.reason)}). ${acts}`;
  }
}
