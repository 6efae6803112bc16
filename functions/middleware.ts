import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { cellName } from '../lib/plan/names.ts';
import type { Instant } from '../lib/runtime/clock.ts';
import { instant, systemClock } from '../lib/runtime/clock.ts';
import { METRIC_NAMESPACE, METRICS } from '../lib/telemetry/metric-names.ts';
import { powertoolsTelemetry } from '../lib/telemetry/powertools-telemetry.ts';
import type { Telemetry } from '../lib/telemetry/telemetry.ts';
import { ledgerTable } from '../lib/wiring/function-world.ts';

/** As much of Lambda's context as a handler looks at. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/**
 * Before the end of its time a function stops by itself, early enough to say that what it has in flight is unknown:
 * a function that Lambda stops says nothing, and its metrics are lost.
 */
const TIMEOUT_EARLY_MS = 1_500;

/** Nothing new is begun in this last part of a function's time: what is under way, a request to Route 53 with its waits, can end. */
const WIND_DOWN_MS = 45_000;

/** One cell, and why it is looked at. Whatever else an event holds is refused. */
export const cellEvent = z.strictObject({
  cell: z.string().transform((text, context) => {
    try {
      return cellName(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'not a cell');
      return z.NEVER;
    }
  }),
  mode: z.enum(['hint', 'sweep']),
});

export type CellEvent = z.infer<typeof cellEvent>;

/** What every function has of its own, made once a container. */
export interface FunctionTools {
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  /** The name of the ledger's table. */
  readonly ledger: string;
}

export function functionTools(): FunctionTools {
  const logger = new Logger();
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  // Powertools adds the service as a dimension: seven functions would make seven metrics, billed as such, of each.
  metrics.clearDefaultDimensions();
  const telemetry = powertoolsTelemetry(metrics, logger);
  return { telemetry, logger, metrics, tracer: new Tracer(), ledger: ledgerTable() };
}

/** When a run should begin nothing new. Half of the time is left to it, however short that is. */
export function deadlineOf({ getRemainingTimeInMillis }: Invocation): Instant {
  const remainingMs = getRemainingTimeInMillis();
  return instant(systemClock.now() + Math.round(Math.max(remainingMs / 2, remainingMs - WIND_DOWN_MS)));
}

/** An event that is not what the function takes. Sending it again would not help. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

/** The function's time was over. Its writes may have landed or not: the next run reads the fence, and knows. */
export class RunTimedOut extends Error {
  override readonly name = 'RunTimedOut';
}

/** A handler: the event is parsed, the work is done, what it came to is logged, and metrics leave in any case. */
export function handlerOf<Event, Outcome>(
  tools: FunctionTools,
  shape: z.ZodType<Event>,
  work: (event: Event, invocation: Invocation) => Promise<Outcome>,
) {
  const { logger, metrics, tracer, telemetry, ledger } = tools;
  return middy(
    async (raw: unknown, context: Invocation): Promise<Outcome> => {
      const parsed = shape.safeParse(raw);
      if (!parsed.success) throw new EventRefused(z.prettifyError(parsed.error), { cause: parsed.error });
      const event = parsed.data;
      // A metric needs a dimension to be one: what concerns no cell concerns the ledger.
      if (isCellEvent(event)) metrics.addDimension('cell', event.cell);
      else metrics.addDimension('ledger', ledger);
      const outcome = await work(event, context);
      logger.info('done', { event, outcome });
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
    .use(logMetrics(metrics))
    .onError(({ error }: { readonly error: unknown }) => {
      logger.error('failed', error instanceof Error ? error : new Error(String(error)));
    });
}

function isCellEvent(event: unknown): event is CellEvent {
  return event !== null && typeof event === 'object' && 'cell' in event && typeof event.cell === 'string';
}
