import { z } from 'zod';
import type { ToldEvent } from '../lib/events/told-event.ts';
import { toldEvent } from '../lib/events/told-event.ts';
import type { AnchorStore } from '../lib/ledger/anchor-store.ts';
import type { CellName } from '../lib/plan/names.ts';
import { METRICS } from '../lib/telemetry/metric-names.ts';
import { anchorsOfFunction } from '../lib/wiring/anchor-bucket.ts';
import { announce } from '../lib/wiring/announce.ts';
import type { EventBus } from '../lib/wiring/event-bus.ts';
import { busOfFunction } from '../lib/wiring/event-bus.ts';
import type { CellNews, Hint } from '../lib/wiring/hints.ts';
import { hintsFor, lambdaWake, wakeableFunctions } from '../lib/wiring/hints.ts';
import { streamedEvent } from '../lib/wiring/streamed-event.ts';
import { eventName, readRecords, streamEvent } from './ledger-stream.ts';
import { cellText, functionTools, handlerOf } from './middleware.ts';

const CELL_PREFIX = 'CELL#';

const EVENT_PREFIX = 'EVENT#';

/** An event as the stream shows it. */
interface NewEvent extends CellNews {
  readonly cell: CellName;
  readonly number: number;
  readonly hash: string | undefined;
  /** By which the stream is told to give it again. */
  readonly sequence: string;
  /** The whole item, which is read where the event is told. */
  readonly image: unknown;
}

/** The record of an event that the bus has not taken. */
interface Unsent {
  readonly sequence: string;
  readonly id: string;
  readonly reason: string;
}

/** A log line names so many events that were not taken; the stream gives all of them again. */
const REASONS_LOGGED_MAX = 10;

const text = z.object({ S: z.string() });
/** A new item: news when it is an event of a cell, else nothing. */
const newItem = z
  .object({
    eventName,
    dynamodb: z.object({
      Keys: z.object({ pk: text, sk: text }),
      SequenceNumber: z.string().default(''),
      NewImage: z.looseObject({ type: text.optional(), hash: text.optional() }).optional(),
    }),
  })
  .transform(({ dynamodb: { Keys, NewImage, SequenceNumber: sequence } }, context): NewEvent | undefined => {
    const type = NewImage?.type?.S;
    if (type === undefined || !Keys.pk.S.startsWith(CELL_PREFIX)) return undefined;
    const cell = cellText.safeParse(Keys.pk.S.slice(CELL_PREFIX.length));
    const number = Number(Keys.sk.S.slice(EVENT_PREFIX.length));
    if (cell.success)
      return { cell: cell.data, type, number, hash: NewImage?.hash?.S, sequence, image: NewImage };
    context.addIssue(z.prettifyError(cell.error));
    return z.NEVER;
  });

const tools = functionTools();
const functions = wakeableFunctions();
const wake = lambdaWake();
const anchors = anchorsOfFunction();
const bus = busOfFunction();

/**
 * Gives hints to the roles that new events concern. A lost hint does no harm: every role sweeps within minutes.
 *
 * It also keeps the hash of each event in the bucket of anchors, where the deployment has one. It is the only function
 * that may, and it may not write the ledger. Then, when everybody is awake, it tells the events to whoever waits for
 * them outside (docs/adr/0080-events-leave-by-the-herald.md): what goes wrong there delays no hint of this batch.
 *
 * @returns the records whose events were not taken by the bus: the stream gives the batch again from the first of them.
 * @throws AggregateError after everything was tried, so that the stream gives the batch again; a hint that is given
 * twice costs one run without work.
 */
export const handler = handlerOf(tools, streamEvent, async (batch) => {
  const news = readRecords(tools, batch, newItem).filter((each) => each !== undefined);
  const hints = hintsFor(news, functions);
  const untaken = await announce({
    wake: async () => {
      const failures = (await Promise.all(hints.map(failureOf))).filter((failure) => failure !== undefined);
      tools.telemetry.count(METRICS.hintsSent, hints.length - failures.length);
      return { asked: hints.length, failures };
    },
    keep: async () => (anchors === undefined ? undefined : anchor(anchors, news)),
    tell: async () => (bus === undefined ? [] : tellNews(bus, news)),
  });
  const why = untaken.slice(0, REASONS_LOGGED_MAX).map(({ id, reason }) => `${id}: ${reason}`);
  tools.logger.info('told', { hints, untaken: untaken.length, why });
  return { batchItemFailures: untaken.map(({ sequence }) => ({ itemIdentifier: sequence })) };
});

/** Tells the events of a batch; returns the records whose events were not taken. */
async function tellNews({ tell, stack }: EventBus, news: readonly NewEvent[]): Promise<readonly Unsent[]> {
  const told = news.flatMap(({ sequence, ...each }) => {
    const event = toldNews(each, stack);
    return event === undefined ? [] : [{ event, sequence }];
  });
  const untaken = await tell(told.map(({ event }) => event));
  const reasons = new Map(untaken.map(({ event, reason }) => [event, reason]));
  return told.flatMap(({ event, sequence }) => {
    const reason = reasons.get(event);
    return reason === undefined ? [] : [{ sequence, id: event.detail.id, reason }];
  });
}

/** What leaves for an item; nothing for an event that nobody waits for, and for an item that nobody can read. */
function toldNews({ cell, number, image }: Omit<NewEvent, 'sequence'>, stack: string): ToldEvent | undefined {
  const unreadable = (why: string): undefined => {
    tools.logger.critical('StreamRecordUnreadable', { cell, number, why });
    tools.telemetry.count(METRICS.recordsUnreadable, 1);
  };
  const read = streamedEvent(image, cell);
  switch (read.type) {
    case 'event':
      try {
        return toldEvent(read.recorded, { stack, zone: read.zone });
      } catch (error) {
        return unreadable(String(error));
      }
    case 'newer':
      // Every role of the stack fails at it too, and its alarms say so: an older release is at work than the log's.
      tools.logger.error('EventOfNewerRelease', { cell, number, what: read.what });
      return undefined;
    case 'damaged':
      return unreadable(read.what);
  }
}

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
