import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { Clock } from '../runtime/clock.ts';
import type { Webhook } from './webhook.ts';
import { SECRET_BYTES_MIN } from './webhook.ts';

/** What the stack writes into a webhook's environment. */
const settings = z.object({
  PAWL_WEBHOOK_URL: z.url({ protocol: /^https$/ }),
  PAWL_WEBHOOK_SECRET: z.string().min(1),
});

/** A rotated secret is used after so long at the latest. */
const KNOWN_FOR_MS = 60_000;
const TRIES = 3;
const TIMEOUT_MS = 3_000;

/**
 * The webhook that the stack has given to a function. Its secret is read when it is first asked for, and again after a
 * minute.
 *
 * @throws ZodError when the environment is not right.
 */
export function webhookOfFunction(
  clock: Pick<Clock, 'now'>,
  env: NodeJS.ProcessEnv = process.env,
  client: Pick<SecretsManagerClient, 'send'> = secretsClient(),
): () => Promise<Webhook> {
  const { PAWL_WEBHOOK_URL: url, PAWL_WEBHOOK_SECRET: SecretId } = settings.parse(env);
  let known: { readonly secret: string; readonly at: number } | undefined;
  return async () => {
    if (known === undefined || clock.now() - known.at > KNOWN_FOR_MS) {
      const { SecretString: secret = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
      if (Buffer.byteLength(secret, 'utf8') < SECRET_BYTES_MIN)
        throw new Error(
          `The secret ${SecretId} has fewer than ${SECRET_BYTES_MIN} bytes of text: put a longer one there.`,
        );
      known = { secret, at: clock.now() };
    }
    return { url, secret: known.secret };
  };
}

function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: TIMEOUT_MS,
      requestTimeout: TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}
