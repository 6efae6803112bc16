import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ROUTE53_RATE } from '../../lib/emulator/settings.ts';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { containersOf, rateShares } from '../../lib/infrastructure/rate-shares.ts';
import { ROLES, zoneAccess } from '../../lib/roles.ts';
import { COMMAND_RATE } from '../../lib/wiring/command-rate.ts';
import { CELLS } from './synthesised.ts';

const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');

test.each([1, 12, 30])('docs/operations.md has the rates of a stack of %i cells', (count) => {
  const cells = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`c${index}`, CELLS['use1-a']]),
  );
  const deployment = parseDeployment({ cells });
  const { enactor, janitor, auditor } = rateShares(deployment);
  const containers = ROLES.filter((role) => zoneAccess(role) !== 'none')
    .map((role) => containersOf(role, deployment))
    .reduce((sum, each) => sum + each);
  const rates = [enactor, janitor, auditor].map(({ requestsPerSecond }) => requestsPerSecond.toFixed(3));
  const columns = [
    count,
    containers,
    ...rates.map((rate) => `${rate} a second`),
    `${enactor.burst.toFixed(1)} requests`,
  ];
  expect(page).toContain(`\n| ${columns.join(' | ')} |\n`);
});

test('a deployment, the emulator, the commands and the page have the same account in mind', () => {
  const { rate } = parseDeployment({ cells: CELLS });
  const { throttle, changeThrottle } = ROUTE53_RATE;
  expect(rate).toMatchObject({
    requestsPerSecond: throttle.perSecond,
    burst: throttle.burst,
    changesPerSecond: changeThrottle.perSecond,
    changeBurst: changeThrottle.burst,
  });
  expect(COMMAND_RATE.requestsPerSecond).toBe(rate.reservePerSecond);
  expect(COMMAND_RATE.burst).toBe((rate.burst * rate.reservePerSecond) / rate.requestsPerSecond);
  expect(COMMAND_RATE.borrowing?.upToPerSecond).toBe(rate.requestsPerSecond - rate.reservePerSecond);
  expect(page).toContain('a bucket of 50 requests, which 10 a second fill, and one of 1,500 changes');
});
