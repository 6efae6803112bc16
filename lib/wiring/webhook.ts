import type { SentEvent } from '../events/webhook-signature.ts';
import { SIGNATURE_HEADER, signatureOf, webhookBody } from '../events/webhook-signature.ts';
import type { Clock } from '../runtime/clock.ts';

/** A receiver of events over HTTPS. */
export interface Webhook {
  readonly url: string;
  /** What both sides know. */
  readonly secret: string;
}

export interface WebhookDeps {
  readonly clock: Clock;
  readonly post: typeof fetch;
}

/** The receiver did not take an event. */
class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
}

/** UTF-8 octets of a secret at least, as many as the digest of the signature has ("RFC 2104", section 3). */
export const SECRET_BYTES_MIN = 32;
const TRIES = 3;
const RETRY_MS = 500;
const TIMEOUT_MS = 5_000;

/**
 * Posts one event, signed anew at each try, because the receiver refuses a signature that is old. An answer of 2xx takes
 * it. A redirect is a refusal: nobody may lead an event elsewhere.
 *
 * @throws WebhookRefused after three tries; it may have been taken all the same, where an answer was lost.
 */
export async function postWebhook(
  { url, secret }: Webhook,
  event: SentEvent,
  { clock, post }: WebhookDeps,
): Promise<void> {
  const body = webhookBody(event);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const signature = signatureOf(body, secret, Math.floor(clock.now() / 1_000));
      const answer = await post(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // What it says is nothing to us, and could be endless.
      await answer.body?.cancel();
      if (answer.ok) return;
      throw new Error(`it answered ${answer.status}`);
    } catch (cause) {
      if (attempt < TRIES) {
        await clock.sleep(RETRY_MS * attempt);
        continue;
      }
      throw refused(url, event, cause);
    }
  }
}

/** Without the path and the query of the URL, which may hold a key. */
function refused(url: string, { detail }: SentEvent, cause: unknown): WebhookRefused {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WebhookRefused(
    `The webhook at ${new URL(url).host} did not take ${detail.id} in ${TRIES} tries: ${why}.`,
    { cause },
  );
}
