import type { Clock } from '../runtime/clock.ts';
import type { OtlpSettings } from './otlp-reader.ts';
import type { RunExport } from './run-export.ts';

/** Longer than a container lives: a function exports at the end of a run, and at no other time. */
const NEVER_MS = 2_147_483_647;

/**
 * Exports each run of a function when it ends. The SDK is loaded from now on, beside the work, so that the first export
 * does not spend its time on that; a function that exports nothing never loads it.
 */
export function otlpRunExport(
  settings: OtlpSettings,
  version: string,
  clock: Pick<Clock, 'sleep'>,
): RunExport {
  const opened = open(settings, version);
  // Each export says it.
  opened.catch(() => undefined);
  return {
    send: async (readings, withinMs) => {
      const over = new AbortController();
      const late = clock.sleep(withinMs, over.signal).then(
        () => `it did not answer within ${withinMs} ms`,
        // The export has ended first.
        () => undefined,
      );
      const sent = (async () => {
        const { record, flush } = await opened;
        record(readings);
        return flush();
      })();
      try {
        return await Promise.race([sent, late]);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        over.abort();
        // What fails after its time has been told already.
        sent.catch(() => undefined);
      }
    },
  };
}

async function open(settings: OtlpSettings, version: string) {
  const [{ meters }, { otlpReader }] = await Promise.all([import('./meters.ts'), import('./otlp-reader.ts')]);
  let reason: string | undefined;
  const reader = otlpReader({ ...settings, intervalMs: NEVER_MS }, (told) => {
    reason = told;
  });
  const { record } = meters([reader], settings.resource, version);
  return {
    record,
    flush: async () => {
      reason = undefined;
      await reader.forceFlush();
      return reason;
    },
  };
}
