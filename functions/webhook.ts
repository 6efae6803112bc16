import { z } from 'zod';
import { isToldKind, TOLD_SOURCE } from '../lib/events/told-kinds.ts';
import { systemClock } from '../lib/runtime/clock.ts';
import { postWebhook } from '../lib/wiring/webhook.ts';
import { webhookOfFunction } from '../lib/wiring/webhook-secret.ts';
import { functionTools, handlerOf } from './middleware.ts';

/** An event as the bus gives it to its targets; what it adds is left out of the body. */
const busEvent = z.object({
  source: z.literal(TOLD_SOURCE),
  'detail-type': z.string().refine(isToldKind, 'a kind of message'),
  time: z.string(),
  detail: z.looseObject({ id: z.string() }),
});

const tools = functionTools();
const webhook = webhookOfFunction(systemClock);

/**
 * Posts one event to a webhook.
 *
 * @throws WebhookRefused, so that Lambda runs it again, twice at most; then the event is a dead letter.
 */
export const handler = handlerOf(tools, busEvent, async (event) => {
  await postWebhook(await webhook(), event, { clock: systemClock, post: fetch });
  return { type: 'posted' as const, id: event.detail.id };
});
