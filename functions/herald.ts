import { z } from 'zod';
import type { AnchorStore } from '../lib/ledger/anchor-store.ts';
import type { CellName } from '../lib/plan/names.ts';
import { METRICS } from '../lib/telemetry/metric-names.ts';
import { anchorsOfFunction } from '../lib/wiring/anchor-bucket.ts';
import type { CellNews, Hint } from '../lib/wiring/hints.ts';
import { hintsFor, lambdaWake, wakeableFunctions } from '../lib/wiring/hints.ts';
import { eventName, readRecords, streamEvent } from './ledger-stream.ts';
import { cellText, functionTools, handlerOf } from './middleware.ts';

const CELL_PREFIX = 'CELL#';

const EVENT_PREFIX = 'EVENT#';

/** An event as the stream shows it. */
interface NewEvent extends CellNews {
  readonly cell: CellName;
  readonly number: number;
  readonly hash: string | undefined;
}

const text = z.object({ S: z.string() });
/** A new item: news when it is an event of a cell, else nothing. */
const newItem = z
  .object({
    eventName,
    dynamodb: z.object({
      Keys: z.object({ pk: text, sk: text }),
      NewImage: z.object({ type: text.optional(), hash: text.optional() }).optional(),
    }),
  })
  .transform(({ dynamodb: { Keys, NewImage } }, context): NewEvent | undefined => {
    const type = NewImage?.type?.S;
    if (type === undefined || !Keys.pk.S.startsWith(CELL_PREFIX)) return undefined;
    const cell = cellText.safeParse(Keys.pk.S.slice(CELL_PREFIX.length));
    const number = Number(Keys.sk.S.slice(EVENT_PREFIX.length));
    if (cell.success) return { cell: cell.data, type, number, hash: NewImage?.hash?.S };
    context.addIssue(z.prettifyError(cell.error));
    return z.NEVER;
  });

const tools = functionTools();
const functions = wakeableFunctions();
const wake = lambdaWake();
const anchors = anchorsOfFunction();

/**
 * Gives hints to the roles that new events concern. A lost hint does no harm: every role sweeps within minutes.
 *
 * It also keeps the hash of each event in the bucket of anchors, where the deployment has one. It is the only function
 * that may, and it may not write the ledger.
 *
 * @throws AggregateError after every hint was tried, so that the stream gives the batch again; a hint that is given
 * twice costs one run without work.
 */
export const handler = handlerOf(tools, streamEvent, async (batch) => {
  const news = readRecords(tools, batch, newItem).filter((each) => each !== undefined);
  const hints = hintsFor(news, functions);
  const failures = (await Promise.all(hints.map(failureOf))).filter((failure) => failure !== undefined);
  tools.telemetry.count(METRICS.hintsSent, hints.length - failures.length);
  if (anchors !== undefined) await anchor(anchors, news);
  if (failures.length > 0) {
    const reasons = failures.map(({ message }) => message).join('; ');
    throw new AggregateError(
      failures,
      `${failures.length} of ${hints.length} hints were not taken: ${reasons}`,
    );
  }
  return { type: 'told' as const, hints };
});

/**
 * @throws LedgerUnavailable when the bucket cannot be reached: the stream gives the batch again, and a batch that is given
 * up is a dead letter.
 */
async function anchor(store: AnchorStore, news: readonly NewEvent[]): Promise<void> {
  let replaced = 0;
  for (const { cell, number, hash } of news) {
    if (hash === undefined || (await store.keep(cell, { number, hash })) === 'kept') continue;
    replaced += 1;
    tools.logger.critical('AnchorContradicted', { cell, number, hash });
  }
  tools.telemetry.count(METRICS.ledgerRewritten, replaced);
}

/** Why a hint was not taken; undefined when it was. */
async function failureOf(hint: Hint): Promise<Error | undefined> {
  try {
    await wake(hint);
    return undefined;
  } catch (cause) {
    const { functionName, cell } = hint;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new Error(`${functionName} for ${cell}: ${reason}`, { cause });
  }
}
