import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import { entryBatches } from '../events/entry-batches.ts';
import type { ToldEvent } from '../events/told-event.ts';
import type { Clock } from '../runtime/clock.ts';
import { systemClock } from '../runtime/clock.ts';

/** An event that the bus has not taken, or of which nobody knows whether it has, and why. */
export interface Untaken {
  readonly event: ToldEvent;
  readonly reason: string;
}

/** Sends events, each at least once; returns those that were not taken. Never throws. */
export type Tell = (events: readonly ToldEvent[]) => Promise<readonly Untaken[]>;

/** Every event is offered so often in one run; then the stream gives it again. */
const ROUNDS_MAX = 3;
const ROUND_WAIT_MS = 200;
/** So that three rounds end well within a run of the herald, and the hints of the next batch do not wait for long. */
const REQUEST_TIMEOUT_MS = 2_000;

/** What the stack writes into the herald's environment, where the deployment has a bus. */
const settings = z.object({ PAWL_EVENT_BUS: z.string().min(1), PAWL_STACK: z.string().min(1) });

/** A bus, and the stack whose events it gets. */
export interface EventBus {
  readonly tell: Tell;
  readonly stack: string;
}

/**
 * The bus that the stack has given to a function; undefined where the deployment has none.
 *
 * @throws ZodError when it is given without the name of the stack.
 */
export function busOfFunction(env: NodeJS.ProcessEnv = process.env): EventBus | undefined {
  if (env['PAWL_EVENT_BUS'] === undefined) return undefined;
  const { PAWL_EVENT_BUS: bus, PAWL_STACK: stack } = settings.parse(env);
  return { tell: tellBus({ bus, client: busClient(), clock: systemClock }), stack };
}

export interface BusDeps {
  /** The name of the bus, or its ARN. */
  readonly bus: string;
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * Events to an EventBridge bus, ten a request. PutEvents takes some entries of a request and refuses others
 * ("Handling failures with PutEvents", EventBridge User Guide): exactly those that it refused are offered again. After a
 * lost answer all of the request are, so that one may come twice; its id is the same.
 */
export function tellBus({ bus, client, clock }: BusDeps): Tell {
  const put = async (batch: readonly ToldEvent[]): Promise<readonly Untaken[]> => {
    try {
      const Entries = batch.map((event) => ({
        EventBusName: bus,
        Source: event.source,
        DetailType: event['detail-type'],
        Time: new Date(event.time),
        Detail: JSON.stringify(event.detail),
      }));
      const answer = await client.send(new PutEventsCommand({ Entries }));
      return batch.flatMap((event, index): readonly Untaken[] => {
        const { EventId, ErrorCode, ErrorMessage } = answer.Entries?.[index] ?? {};
        if (EventId !== undefined && ErrorCode === undefined) return [];
        const why = [ErrorCode, ErrorMessage].filter((part) => part !== undefined);
        return [{ event, reason: why.length === 0 ? 'the answer does not say' : why.join(': ') }];
      });
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return batch.map((event) => ({ event, reason }));
    }
  };
  return async (events) => {
    let untaken: readonly Untaken[] = events.map((event) => ({ event, reason: '' }));
    for (let round = 1; untaken.length > 0 && round <= ROUNDS_MAX; round += 1) {
      if (round > 1) await clock.sleep(ROUND_WAIT_MS * (round - 1));
      const batches = entryBatches(untaken.map(({ event }) => event));
      untaken = (await Promise.all(batches.map(put))).flat();
    }
    return untaken;
  };
}

/** Tries once: the rounds are its tries, and know which entries were taken. */
function busClient(): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}
