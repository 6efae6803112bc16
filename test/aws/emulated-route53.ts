import { randomBytes } from 'node:crypto';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import type { Route53Server } from '../../lib/emulator/wire/http-server.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';

/** What a change takes until it is INSYNC: long enough that something is PENDING while others look. */
const INSYNC_DELAY_MS = 100;

/** Pawl's own emulator of Route 53, for an emulator of AWS whose own one is none. On the loopback, on a free port, unless said. */
export function emulatedRoute53(
  listen: { host?: string; port: number } = { port: 0 },
): Promise<Route53Server> {
  let latest = 0;
  const core = createRoute53(
    { ...PROMPT_ROUTE53, insyncDelayMs: INSYNC_DELAY_MS },
    {
      now: () => {
        latest = Math.max(latest, Date.now());
        return latest;
      },
      id: (prefix) => `${prefix}${randomBytes(10).toString('hex').toUpperCase()}`,
    },
  );
  return serveRoute53(core, listen);
}
