import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { report } from '../report.ts';

/** The command line from nothing to its own version, and to a checked fleet file. */
const PAWL = fileURLToPath(new URL('../../../bin/pawl.mjs', import.meta.url));
const FLEET = fileURLToPath(new URL('../../../examples/fleet.yaml', import.meta.url));

function seconds(...args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [PAWL, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pawl ${args.join(' ')} ended with ${status}: ${stderr}`);
  return (performance.now() - started) / 1_000;
}

seconds('--version');
report('start-up', { version_s: seconds('--version'), fleet_check_s: seconds('fleet', 'check', FLEET) });
