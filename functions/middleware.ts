import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { cellName } from '../lib/plan/names.ts';
import type { Instant } from '../lib/runtime/clock.ts';
import { instant, systemClock } from '../lib/runtime/clock.ts';
import { METRIC_NAMESPACE, METRICS } from '../lib/telemetry/metric-names.ts';
import type { FunctionTelemetry, RunDimension } from '../lib/telemetry/powertools-telemetry.ts';
import { powertoolsTelemetry } from '../lib/telemetry/powertools-telemetry.ts';
import { functionExport } from '../lib/wiring/function-export.ts';
import { ledgerTable } from '../lib/wiring/function-world.ts';

/** The part of Lambda's context that a handler reads. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** As much of middy's request as the end of a run looks at. */
interface Ended {
  readonly context: Invocation;
}

/**
 * A function stops by itself this long before its timeout, so that it can log that the outcome of its requests in
 * flight is unknown. A function that Lambda stops logs nothing, and its metrics are lost.
 */
const TIMEOUT_EARLY_MS = 1_500;

/** A run begins nothing new in this last part of a function's time, so that a request to Route 53 and its waits can end. */
const WIND_DOWN_MS = 45_000;

/** The text of a cell's name. */
export const cellText = z.string().transform((text, context) => {
  try {
    return cellName(text);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : 'not a cell');
    return z.NEVER;
  }
});

/** One cell, the reason for the run, and when it was asked for. An event with other fields is refused. */
export const cellEvent = z.strictObject({
  cell: cellText,
  mode: z.enum(['hint', 'sweep']),
  /** RFC 3339. A text that is no time says nothing, because an emulator may leave a placeholder of a schedule as it is. */
  at: z.string().optional(),
});

/** As much of any event as says which cell it is about. */
const aboutACell = z.object({ cell: cellText });

/** The tools of every function, made once a container. */
export interface FunctionTools {
  readonly telemetry: FunctionTelemetry;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** The name of the ledger's table. */
  readonly ledger: string;
}

export function functionTools(): FunctionTools {
  const logger = new Logger();
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  const telemetry = powertoolsTelemetry(metrics, logger, systemClock, functionExport());
  return { telemetry, logger, tracer: new Tracer(), ledger: ledgerTable() };
}

/** The instant after which a run begins nothing new. A run has at least half of the function's time before it. */
export function deadlineOf({ getRemainingTimeInMillis }: Invocation): Instant {
  const remainingMs = getRemainingTimeInMillis();
  return instant(systemClock.now() + Math.round(Math.max(remainingMs / 2, remainingMs - WIND_DOWN_MS)));
}

/** An event that the function does not accept. To send it again would not help. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

/** The function's time was over. Its writes may have landed or not: the next run finds out by reading the fence. */
export class RunTimedOut extends Error {
  override readonly name = 'RunTimedOut';
}

/**
 * A handler: it parses the event, does the work, logs the outcome, and publishes the metrics in any case. Every run
 * counts whether it failed, an event that is refused included, under the cell that the event names.
 *
 * @param opened takes an event out of what it came in; never throws, and leaves alone what it does not know.
 */
export function handlerOf<Event, Outcome>(
  tools: FunctionTools,
  shape: z.ZodType<Event>,
  work: (event: Event, invocation: Invocation) => Promise<Outcome>,
  opened: (raw: unknown) => unknown = (raw) => raw,
) {
  const { logger, tracer, telemetry, ledger } = tools;
  return (
    middy(
      async (given: unknown, context: Invocation): Promise<Outcome> => {
        const raw = opened(given);
        telemetry.begin(dimensionOf(raw, ledger));
        const parsed = shape.safeParse(raw);
        if (!parsed.success) throw new EventRefused(z.prettifyError(parsed.error), { cause: parsed.error });
        const event = parsed.data;
        const outcome = await work(event, context);
        logger.info('done', { event, outcome, levels: telemetry.levels() });
        return outcome;
      },
      {
        timeoutEarlyInMillis: TIMEOUT_EARLY_MS,
        timeoutEarlyResponse: () => {
          telemetry.count(METRICS.runsTimedOut, 1);
          throw new RunTimedOut(
            'The time is over: what was in flight is unknown until the fence is read again.',
          );
        },
      },
    )
      .use(injectLambdaContext(logger))
      .use(captureLambdaHandler(tracer, { captureResponse: false }))
      // What is registered last runs first.
      .after(async ({ response, context }: Ended & { readonly response: unknown }) => {
        telemetry.count(METRICS.runsFailed, 0);
        await telemetry.end(!isOutOfDate(response), context.getRemainingTimeInMillis());
      })
      .onError(async ({ error, context }: Ended & { readonly error: unknown }) => {
        telemetry.count(METRICS.runsFailed, 1);
        telemetry.failed(error instanceof Error ? error : new Error(String(error)));
        await telemetry.end(false, context.getRemainingTimeInMillis());
      })
  );
}

/** Whether the event was so late that the run did nothing (role-handler.ts). */
function isOutOfDate(outcome: unknown): boolean {
  return (
    outcome !== null && typeof outcome === 'object' && 'type' in outcome && outcome.type === 'out-of-date'
  );
}

/** A metric needs a dimension: what an event counts that names no cell is of the ledger. */
function dimensionOf(raw: unknown, ledger: string): RunDimension {
  const { success, data } = aboutACell.safeParse(raw);
  return success ? { cell: data.cell } : { ledger };
}
