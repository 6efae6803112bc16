import { Route53Client } from '@aws-sdk/client-route-53';
import { createRoute53 } from '../../../lib/emulator/route53.ts';
import { serveRoute53 } from '../../../lib/emulator/wire/http-server.ts';
import { enact } from '../../../lib/enactor/enact.ts';
import { serialiseCellFleet } from '../../../lib/fleet/cell-fleet-codec.ts';
import { staticSource } from '../../../lib/fleet/sources/static-source.ts';
import { execute } from '../../../lib/ledger/execute.ts';
import { memoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import { canonicalJson } from '../../../lib/plan/canonical.ts';
import { planCell } from '../../../lib/planner/plan-cell.ts';
import { instant, systemClock } from '../../../lib/runtime/clock.ts';
import { systemRandomness } from '../../../lib/runtime/ids.ts';
import { rateBudget } from '../../../lib/runtime/rate-budget.ts';
import { silentTelemetry } from '../../../lib/telemetry/telemetry.ts';
import { guardedZone } from '../../../lib/zone/guarded-zone.ts';
import { route53ClientDefaults, route53Zone } from '../../../lib/zone/route53/route53-zone.ts';
import { largeFleet } from '../large-fleet.ts';
import { report } from '../report.ts';

/**
 * So many records created, then nothing to do, then all updated, through the real client over HTTP to the emulator.
 * `limited`: Route 53's classic rate of 5 requests a second, kept by the emulator and by the client's own budget.
 */
const ENDPOINTS = Number(process.argv[2] ?? 100);
const TARGETS = 100;
const isLimited = process.argv[3] === 'limited';
const FOREVER_MS = 3_600_000;

let requests = 0;
let ids = 0;
const route53 = createRoute53(
  {
    insyncDelayMs: 500,
    recordLimit: 50_000,
    ...(isLimited ? { throttle: { burst: 5, perSecond: 5 } } : {}),
  },
  {
    now: () => Date.now(),
    id: (prefix) => {
      ids += 1;
      return `${prefix}${String(ids).padStart(10, '0')}`;
    },
  },
);
const { zone } = route53.createHostedZone({ name: largeFleet(1, 1, 1, 'Z').zone, callerReference: 'bench' });
const server = await serveRoute53(route53, {
  host: '127.0.0.1',
  port: 0,
  onRequest: () => {
    requests += 1;
  },
});
const client = new Route53Client({
  ...route53ClientDefaults,
  endpoint: server.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});
const ledger = memoryLedger('5be1c07a');
const fleet = largeFleet(1, ENDPOINTS, TARGETS, zone.id);
const scope = { cell: fleet.cell, zone: fleet.zone, zoneId: zone.id };
const budget = rateBudget(
  { clock: systemClock, randomness: systemRandomness },
  isLimited
    ? { requestsPerSecond: 4.5, burst: 4, reserve: 1 }
    : { requestsPerSecond: 10_000, burst: 10_000, reserve: 0 },
);
const bare = route53Zone(client, zone.id, {
  clock: systemClock,
  randomness: systemRandomness,
  budget,
  deadlineMs: 60_000,
});
const writer = {
  zone: guardedZone(bare, 'enactor', scope),
  scope,
  randomness: systemRandomness,
  role: 'enactor' as const,
  name: 'bench',
};

const figures: Record<string, number> = { records: ENDPOINTS * TARGETS };
await declare(0);
await measure('created', 'sweep');
await measure('nothing_to_do', 'sweep');
await declare(1);
await measure('updated', 'hint');
report(`records ${ENDPOINTS * TARGETS}${isLimited ? ' at 5 requests/s' : ''}`, figures);
client.destroy();
await server.close();

async function declare(shift: number): Promise<void> {
  const declared = largeFleet(1, ENDPOINTS, TARGETS, zone.id, shift);
  const digest = await ledger.putBody(scope.cell, canonicalJson(serialiseCellFleet(declared)));
  const { policy, zone: name, zoneId } = declared;
  await execute(ledger, scope.cell, { at: () => Date.now(), by: 'bench' }, () => ({
    type: 'DeclareFleet',
    digest,
    zone: name,
    zoneId,
    policy,
    endpoints: declared.endpoints.length,
    targets: declared.targets.length,
  }));
  const deps = {
    ledger,
    source: staticSource(),
    clock: systemClock,
    telemetry: silentTelemetry,
    name: 'bench',
  };
  const outcome = await planCell(deps, { cell: scope.cell, append: true, immediate: true });
  if (outcome.type !== 'appended')
    throw new Error(`nothing was planned: ${JSON.stringify(outcome).slice(0, 500)}`);
}

async function measure(what: string, mode: 'hint' | 'sweep'): Promise<void> {
  const before = requests;
  const started = performance.now();
  const outcome = await enact(
    {
      writer,
      ledger,
      clock: systemClock,
      telemetry: silentTelemetry,
      settings: { insyncPollMs: 500, unknownChangeMs: 300_000 },
    },
    { mode, deadline: instant(Date.now() + FOREVER_MS) },
  );
  if (outcome.type !== 'applied' && outcome.type !== 'converged') throw new Error(JSON.stringify(outcome));
  figures[`${what}_s`] = (performance.now() - started) / 1_000;
  figures[`${what}_requests`] = requests - before;
}
