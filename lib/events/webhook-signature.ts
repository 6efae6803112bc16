import { createHmac } from 'node:crypto';

/** The header that carries the time and the signature: `t=1795886000,v1=4f1c…`. */
export const SIGNATURE_HEADER = 'pawl-signature';

/** As much of an event as a webhook must know; what stands in the detail is sent as it is. */
export interface SentEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: { readonly id: string };
}

/** The body that a webhook gets: the event as it is on the bus, without what the bus adds. */
export function webhookBody({ source, 'detail-type': kind, time, detail }: SentEvent): string {
  return JSON.stringify({ source, 'detail-type': kind, time, detail });
}

/**
 * The value of the header: HMAC-SHA256 with the secret over the time, a dot and the body, so that neither can be
 * changed, and an old request cannot be sent again as a new one.
 *
 * @param atS when it is sent, seconds since 1970.
 */
export function signatureOf(body: string, secret: string, atS: number): string {
  const mac = createHmac('sha256', secret).update(signedText(body, atS), 'utf8').digest('hex');
  return `t=${atS},v1=${mac}`;
}

function signedText(body: string, atS: number): string {
  return `${atS}.${body}`;
}
