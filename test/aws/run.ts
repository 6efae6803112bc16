import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// npm run test:aws                                 on a MiniStack of its own
// AWS_ENDPOINT_URL=... npm run test:aws            on whatever answers there
// npm run test:aws -- --real --zone dns.example.org   in the account of the environment's credentials

const { values } = parseArgs({ options: { real: { type: 'boolean' }, zone: { type: 'string' } } });
if ((values.real === true) !== (values.zone !== undefined)) {
  process.stderr.write(
    '--real and --zone belong together: the suite writes to that hosted zone, and cleans up.\n',
  );
  process.exit(2);
}
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'aws'], {
  stdio: 'inherit',
  env: { ...process.env, ...(values.zone === undefined ? {} : { PAWL_REAL_ZONE: values.zone }) },
});
process.exitCode = status ?? 1;
