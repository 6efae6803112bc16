import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Route53Client } from '@aws-sdk/client-route-53';
import { childDoctor, childSuite } from './real/children.ts';
import { expectedText } from './real/expected-steps.ts';
import type { RealRunDeps } from './real/real-run.ts';
import { cleanUpRuns, realRun } from './real/real-run.ts';
import { removeStack } from './real/stack-remains.ts';

// npm run test:aws                                 on a MiniStack of its own
// npm run test:localstack                          on a LocalStack of its own, without docker
// AWS_ENDPOINT_URL=... npm run test:aws            on whatever answers there
// npm run test:aws -- --real --dry-run             says what --real does and costs, and calls nothing
// npm run test:aws -- --real --accept-cost         in the account of the environment's credentials, in a zone of its own
// npm run test:aws -- --real --doctor-only         only what Route 53 itself is asked: minutes, and no cost
// npm run test:aws -- --real --clean-up            removes what runs have left that broke off

const { values } = parseArgs({
  options: {
    localstack: { type: 'boolean' },
    real: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    'doctor-only': { type: 'boolean' },
    'accept-cost': { type: 'boolean' },
    'clean-up': { type: 'boolean' },
  },
});

process.exitCode = values.real === true ? await real() : emulated();

async function real(): Promise<number> {
  const isFree = values['doctor-only'] === true || values['clean-up'] === true;
  if (values['dry-run'] === true || (!isFree && values['accept-cost'] !== true)) {
    process.stdout.write(expectedText());
    if (values['dry-run'] === true) return 0;
    process.stderr.write('Say --accept-cost to begin, or --doctor-only for what costs nothing.\n');
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) {
        process.stderr.write('Ended at once: --clean-up removes what is left.\n');
        process.exit(130);
      }
      process.stderr.write('Stopping, and removing what was made; once more to end at once.\n');
      stop.abort();
    });
  const route53 = new Route53Client({ maxAttempts: 10 });
  const deps: RealRunDeps = {
    route53,
    doctor: childDoctor,
    suite: values['doctor-only'] === true ? undefined : childSuite,
    removeStack: (name) => removeStack(name),
    sleep: (ms) => delay(ms),
    print: (text) => process.stdout.write(`${text}\n`),
    stop: stop.signal,
  };
  try {
    if (values['clean-up'] === true) return await cleanUpRuns(deps);
    return await realRun(deps, randomBytes(4).toString('hex'));
  } finally {
    route53.destroy();
  }
}

function emulated(): number {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  // LocalStack's DynamoDB is Amazon's own: the ledger's contract is asked of it too.
  const isOwnMinistack = values.localstack !== true && (process.env['AWS_ENDPOINT_URL'] ?? '') === '';
  const files = [
    'test/aws/deployed.test.ts',
    ...(isOwnMinistack ? ['test/aws/bake.test.ts'] : []),
    ...(values.localstack === true ? ['test/aws/dynamodb-local.test.ts'] : []),
  ];
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'aws', ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...(values.localstack === true ? { PAWL_EMULATOR: 'localstack' } : {}) },
  });
  return status ?? 1;
}
