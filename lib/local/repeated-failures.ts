import type { CellName } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import { machineLimit } from '../runtime/system-failure.ts';
import type { Reporter } from './reports.ts';

const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 30_000;

/** Failures in a row, of which the first of each reason and the end are reported. */
export interface RepeatedFailures {
  /** One more. @returns how long to wait, milliseconds: longer each time, unless given. */
  one(error: unknown, waitMs?: number): number;
  /** It works. */
  none(): void;
}

export function repeatedFailures(
  { clock, report }: { readonly clock: Pick<Clock, 'now'>; readonly report: Reporter },
  of: { readonly role: string; readonly cell?: CellName },
): RepeatedFailures {
  let [times, since, said] = [0, 0, ''];
  return {
    one: (error, given) => {
      if (times === 0) since = clock.now();
      times += 1;
      const waitMs = given ?? growingWaitMs(times);
      const reason = reasonOf(error);
      if (reason !== said) report({ type: 'trouble', ...of, reason, waitMs });
      said = reason;
      return waitMs;
    },
    none: () => {
      if (times > 0) report({ type: 'over', ...of, times, ms: clock.now() - since });
      [times, said] = [0, ''];
    },
  };
}

function growingWaitMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
}

export function reasonOf(error: unknown): string {
  return machineLimit(error) ?? nameAndMessage(error);
}

function nameAndMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
