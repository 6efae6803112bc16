import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { DEFAULT_INTERVALS, startLocalWorld } from '../../../lib/local/start-local-world.ts';
import { fleetText } from '../fleet-text.ts';
import { BYTES_A_KB, BYTES_A_MB, report } from '../report.ts';

/**
 * What a command of 10,000 targets takes of processor time and memory, as a whole process, in a local world that has
 * none of them yet. Waiting is not counted, so the figures do not depend on who else is at work.
 */
const ENDPOINTS = 100;
const TARGETS = 100;
const PAWL = fileURLToPath(new URL('../../../bin/pawl.mjs', import.meta.url));
const MICROSECONDS_A_SECOND = 1_000_000;
/** Writes what the process has used to its fourth stream, as it ends. */
const TELLS_USAGE = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
)}`;

async function used(folder: string, ...args: readonly string[]): Promise<{ cpu_s: number; peak_mb: number }> {
  const line = ['--import', TELLS_USAGE, PAWL, '--folder', folder, ...args];
  const child = spawn(process.execPath, line, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , complaints, usage] = child.stdio;
  if (complaints === null || !usage) throw new Error('a child without its streams');
  const [told, complained] = await Promise.all([
    text(usage as NodeJS.ReadableStream),
    text(complaints),
    once(child, 'exit'),
  ]);
  // 1: something is kept back, which is no failure of the command.
  if (child.exitCode !== 0 && child.exitCode !== 1) throw new Error(complained);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(told) as NodeJS.ResourceUsage;
  return {
    cpu_s: (userCPUTime + systemCPUTime) / MICROSECONDS_A_SECOND,
    peak_mb: (maxRSS * BYTES_A_KB) / BYTES_A_MB,
  };
}

const home = await mkdtemp(join(tmpdir(), 'pawl-bench-'));
const folder = join(home, 'world');
const small = join(home, 'small.yaml');
const large = join(home, 'large.yaml');
await writeFile(small, fleetText(1, 1));
await writeFile(large, fleetText(ENDPOINTS, TARGETS));
const world = await startLocalWorld({
  folder,
  fleetFile: small,
  dnsPort: 0,
  route53Port: 0,
  insyncDelayMs: 500,
  intervals: DEFAULT_INTERVALS,
  report: () => undefined,
});
try {
  const version = await used(folder, '--version');
  const check = await used(folder, 'fleet', 'check', large);
  const push = await used(folder, 'fleet', 'push', large, '--yes');
  const plan = await used(folder, 'plan');
  report('commands, 10,000 targets', {
    version_cpu_s: version.cpu_s,
    version_mb: version.peak_mb,
    check_cpu_s: check.cpu_s,
    check_mb: check.peak_mb,
    push_cpu_s: push.cpu_s,
    push_mb: push.peak_mb,
    plan_cpu_s: plan.cpu_s,
    plan_mb: plan.peak_mb,
    push_cpu_ratio: push.cpu_s / version.cpu_s,
    plan_cpu_ratio: plan.cpu_s / version.cpu_s,
  });
} finally {
  await world.stop();
  await rm(home, { recursive: true, force: true });
}
