import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { writeFleet } from '../local/small-fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawlStart } from './start-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/pawl.mjs', import.meta.url));

/** `pawl start` until it is converged, below a limit that the shell sets first. */
async function startBelow(
  limit: string,
  folder: string,
  fleet: string,
): Promise<{ readonly code: number | null; readonly err: string }> {
  const words = ['start', fleet, '--folder', join(folder, '.pawl'), '--dns-port', '0', '--route53-port', '0'];
  const quick = ['--insync-ms', '50', '--poll-ms', '50', '--sweep-ms', '100'];
  const child = spawn(
    'bash',
    // A write beyond the size would end the process with a signal.
    ['-c', `trap '' XFSZ; ${limit}; exec "$@"`, 'bash', process.execPath, LAUNCHER, ...words, ...quick],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let err = '';
  child.stderr.on('data', (data) => {
    err += String(data);
  });
  await once(child, 'close');
  return { code: child.exitCode, err };
}

it('too few files that may be open are said before anything is made', async () => {
  const folder = await temporaryFolder();
  const { code, err } = await startBelow('ulimit -n 40', folder, await writeFleet(folder));
  expect(err).toBe(
    'pawl: Too few files may be open at once (EMFILE: the limit is 40, and a local world needs 64): raise the limit, such as by "ulimit -n 1024", then type the same again.\n',
  );
  expect(code).toBe(2);
  expect(await readdir(folder)).not.toContain('.pawl');
});

it('a ledger that cannot grow ends the world with one sentence, and the next start goes on', async () => {
  const folder = await temporaryFolder();
  const fleet = await writeFleet(folder, { cells: ['one', 'two', 'three', 'four', 'five', 'six'] });
  const { code, err } = await startBelow('ulimit -f 24', folder, fleet);
  expect(err).toMatch(
    /^(\nEnding; a second Ctrl-C ends at once\.\n)?pawl: A file may not become larger \(.*\): raise the limit, such as by "ulimit -f unlimited", then type the same again\.\n$/,
  );
  expect(code).toBe(3);
  const again = pawlStart(folder, fleet, '--until-converged');
  expect(await again.ended(), again.stderr()).toEqual({ code: 0, signal: null });
});

it('a damaged store is said in one sentence, and nothing of it is touched', async () => {
  const folder = await temporaryFolder();
  const fleet = await writeFleet(folder);
  const first = pawlStart(folder, fleet, '--until-converged');
  await first.ended();
  const ledger = join(folder, '.pawl', 'ledger');
  await cp(ledger, join(folder, 'copy'), { recursive: true });
  await writeFile(join(ledger, 'CURRENT'), 'damaged');
  const damaged = pawlStart(folder, fleet, '--until-converged');
  expect(await damaged.ended()).toEqual({ code: 2, signal: null });
  expect(damaged.stderr()).toMatch(
    /^pawl: .*ledger does not hold a ledger that can be read \(.*CURRENT.*\): bring a copy of it back, or move it away to start without one\.\n$/,
  );
  await cp(join(folder, 'copy'), ledger, { recursive: true });
  const back = pawlStart(folder, fleet, '--until-converged');
  expect(await back.ended(), back.stderr()).toEqual({ code: 0, signal: null });
});
