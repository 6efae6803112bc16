import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { SuccessorCall } from '../enactor/enactor.ts';
import type { Clock } from '../runtime/clock.ts';

/** What one enactor asks of the next one, as it stands in a message: a hint, which nobody trusts. */
export const successorMessage = z.strictObject({
  /** The cell's name. */
  cell: z.string(),
  /** When it was to be looked at, RFC 3339. */
  at: z.string(),
});

/** The longest delay of a message (SendMessage, Amazon SQS API reference). */
const DELAY_MAX_S = 900;
const TRIES = 2;
const TIMEOUT_MS = 2_000;

/**
 * Successors through a queue that every enactor of a stack reads: whichever takes the message goes on. The message is
 * delivered after its delay, in whole seconds.
 */
export function queueSuccessor(
  queueUrl: string,
  clock: Pick<Clock, 'now'>,
  client = queueClient(),
): SuccessorCall {
  return {
    ask: async (cell, at) => {
      const delayS = Math.ceil(Math.max(0, at - clock.now()) / 1_000);
      const message: z.infer<typeof successorMessage> = { cell, at: new Date(at).toISOString() };
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        DelaySeconds: Math.min(DELAY_MAX_S, delayS),
      });
      await client.send(command);
    },
  };
}

/** A message that is sent twice costs one run that finds nothing to do; a run that hangs here costs its time. */
function queueClient(): SQSClient {
  return new SQSClient({
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: TIMEOUT_MS,
      requestTimeout: TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}
