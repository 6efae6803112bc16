import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// npm run test:aws                                 on a MiniStack of its own
// npm run test:localstack                          on a LocalStack of its own, without docker
// AWS_ENDPOINT_URL=... npm run test:aws            on whatever answers there
// npm run test:aws -- --real --zone dns.example.org --accept-cost   in the account of the environment's credentials

const { values } = parseArgs({
  options: {
    localstack: { type: 'boolean' },
    real: { type: 'boolean' },
    zone: { type: 'string' },
    'accept-cost': { type: 'boolean' },
  },
});
/** List prices by the hour, as docs/operations.md has them by the month; a month is 730 hours. */
const COST = `--real deploys a stack into the account of your credentials and writes to the hosted zone, for about an hour:
  an hour of metrics (39), alarms (25) and a dashboard: (11.70 + 3.70 + 3.00) / 730 = 0.03 dollars
  Lambda, DynamoDB on demand, logs and schedules: below 0.10 dollars
Afterwards it deletes the stack, the table and every record that it made. Say --accept-cost to begin.
`;
if ((values.real === true) !== (values.zone !== undefined)) {
  process.stderr.write(
    '--real and --zone belong together: the suite writes to that hosted zone, and cleans up.\n',
  );
  process.exit(2);
}
if (values.real === true && values['accept-cost'] !== true) {
  process.stderr.write(COST);
  process.exit(2);
}
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
// LocalStack's DynamoDB is Amazon's own: the ledger's contract is asked of it too.
const files = [
  'test/aws/deployed.test.ts',
  ...(values.localstack === true ? ['test/aws/dynamodb-local.test.ts'] : []),
];
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'aws', ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(values.zone === undefined ? {} : { PAWL_REAL_ZONE: values.zone }),
    ...(values.localstack === true ? { PAWL_EMULATOR: 'localstack' } : {}),
  },
});
process.exitCode = status ?? 1;
