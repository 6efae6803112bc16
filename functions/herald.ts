import { METRICS } from '../lib/telemetry/metric-names.ts';
import type { CellNews } from '../lib/wiring/hints.ts';
import { hintsFor, lambdaWake, wakeableFunctions } from '../lib/wiring/hints.ts';
import { streamEvent } from './ledger-stream.ts';
import { functionTools, handlerOf } from './middleware.ts';

const CELL_PREFIX = 'CELL#';

const tools = functionTools();
const functions = wakeableFunctions();
const wake = lambdaWake();

/** Gives hints to the roles that new events concern. A lost hint does no harm: every role sweeps within minutes. */
export const handler = handlerOf(tools, streamEvent, async ({ Records }) => {
  const news = Records.flatMap(({ dynamodb: { Keys, NewImage } }): CellNews[] => {
    const type = NewImage?.type?.S;
    const isEvent = type !== undefined && Keys.pk.S.startsWith(CELL_PREFIX);
    return isEvent ? [{ cell: Keys.pk.S.slice(CELL_PREFIX.length), type }] : [];
  });
  const hints = hintsFor(news, functions);
  for (const hint of hints) await wake(hint);
  tools.telemetry.count(METRICS.hintsSent, hints.length);
  return { type: 'told' as const, hints };
});
