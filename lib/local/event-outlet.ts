import { appendFile, readFile } from 'node:fs/promises';
import type { ToldEvent } from '../events/told-event.ts';
import { webhookBody } from '../events/webhook-signature.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Webhook } from '../wiring/webhook.ts';
import { postWebhook, SECRET_BYTES_MIN } from '../wiring/webhook.ts';
import { reasonOf } from './repeated-failures.ts';
import type { Reporter } from './reports.ts';
import { StartRefused } from './start-refused.ts';

/** Where the events of a local world leave for. */
export interface OutletSettings {
  /** A file, to which a line of JSON is added for each event, or the URL of a webhook. */
  readonly to: string;
  /** The file with the webhook's secret; its last line end does not count. */
  readonly secretFile?: string | undefined;
}

/** Events that leave a local world, in their order and one at a time. It holds up nobody: who tells does not wait. */
export interface EventOutlet {
  tell(events: readonly ToldEvent[]): void;
  /** Ends it, once what was told has left, or after a few seconds without the rest. */
  close(): Promise<void>;
}

export interface OutletDeps {
  readonly clock: Clock;
  readonly report: Reporter;
}

/** More than these do not wait for a slow receiver: the later ones are left out, which is reported. */
const WAITING_MAX = 1_000;
const CLOSING_MS = 5_000;
const URL_TEXT = /^[a-z]+:\/\//;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** @throws StartRefused with a sentence when nothing can leave that way. */
export async function openOutlet(settings: OutletSettings, deps: OutletDeps): Promise<EventOutlet> {
  const send = await sending(settings, deps);
  const ending = new AbortController();
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  const reportTrouble = (reason: string): void =>
    deps.report({ type: 'trouble', role: 'events', reason, waitMs: 0 });
  const sent = async (event: ToldEvent): Promise<void> => {
    try {
      if (!ending.signal.aborted) await send(event);
    } catch (error) {
      reportTrouble(reasonOf(error));
    } finally {
      waiting -= 1;
    }
  };
  return {
    tell: (events) => {
      const taken = events.slice(0, WAITING_MAX - waiting);
      if (taken.length < events.length)
        reportTrouble(`${events.length - taken.length} events are left out: ${WAITING_MAX} wait already`);
      for (const event of taken) {
        waiting += 1;
        last = last.then(() => sent(event));
      }
    },
    close: async () => {
      const late = new AbortController();
      const patience = deps.clock.sleep(CLOSING_MS, late.signal).catch(() => undefined);
      await Promise.race([last, patience]);
      late.abort(new Error('It is closed.'));
      if (waiting > 0) reportTrouble(`${waiting} events had not left when the world ended`);
      ending.abort(new Error('The world ends.'));
    },
  };
}

async function sending(
  { to, secretFile }: OutletSettings,
  { clock }: OutletDeps,
): Promise<(event: ToldEvent) => Promise<void>> {
  if (!URL_TEXT.test(to)) {
    if (secretFile !== undefined)
      throw new StartRefused(`Events go to the file ${to}, which is not signed: leave the secret out.`);
    const append = (text: string): Promise<void> => appendFile(to, text);
    try {
      await append('');
    } catch (cause) {
      throw new StartRefused(`Events cannot be written to ${to} (${reasonOf(cause)}): name another file.`, {
        cause,
      });
    }
    return (event) => append(`${webhookBody(event)}\n`);
  }
  const webhook = { url: checkedUrl(to), secret: await secretOf(secretFile) } satisfies Webhook;
  return (event) => postWebhook(webhook, event, { clock, post: fetch });
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  const isSafe =
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) &&
    url.username === '' &&
    url.password === '';
  if (!isSafe)
    throw new StartRefused(
      'Events go to a file, to https://…, or to http:// on this machine alone, and no name or password stands in the URL.',
    );
  return text;
}

async function secretOf(file: string | undefined): Promise<string> {
  if (file === undefined)
    throw new StartRefused(
      'What goes to a URL is signed: name the file of the secret with --events-secret-file FILE.',
    );
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartRefused(`The secret cannot be read from ${file} (${reasonOf(cause)}).`, { cause });
  }
  const secret = text.replace(/\r?\n$/, '');
  if (Buffer.byteLength(secret, 'utf8') < SECRET_BYTES_MIN)
    throw new StartRefused(
      `The secret in ${file} has fewer than ${SECRET_BYTES_MIN} bytes: "openssl rand -hex 32 > ${file}" makes one.`,
    );
  return secret;
}
