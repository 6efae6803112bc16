import { thisProcess } from '../../lib/wiring/process-identity.ts';
import type { WorldFacts } from '../../lib/wiring/world-file.ts';

/** A world of this process; nothing listens at its addresses. */
export function worldFacts(change: Partial<WorldFacts> = {}): WorldFacts {
  return {
    format: 1,
    process: thisProcess(),
    token: 'abcdefgh12345678',
    route53: 'http://127.0.0.1:1',
    dynamodb: 'http://127.0.0.1:1',
    table: 'pawl',
    region: 'us-east-1',
    dns: { host: '127.0.0.1', port: 1 },
    started: '2026-11-21T10:00:00.000Z',
    ...change,
  };
}
