import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyTrail } from '../../../lib/trail/play-trail.ts';
import { readTrailBeside } from '../../../lib/wiring/read-trail-beside.ts';
import { trailFiles } from '../../../lib/wiring/trail-files.ts';
import { logOf } from '../../support/written-trail.ts';
import { report } from '../report.ts';
import { weekLog } from '../trail-week.ts';

/** Verifies a week's trail. Another process writes it before: neither its time nor its memory counts. */
const events = Number(process.argv[2] ?? 100_000);
/** `lines`: one file of lines; otherwise a folder of files as CloudTrail delivers them. */
const layout = process.argv[3] ?? 'files';

const folder = await mkdtemp(join(tmpdir(), 'pawl-trail-'));
try {
  const path = join(folder, layout === 'lines' ? 'week.ndjson.gz' : 'week');
  const writer = fileURLToPath(new URL('../trail-week.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [writer, path, String(events)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the week could not be written:\n${stderr}`);
  await verify(path);
} finally {
  await rm(folder, { recursive: true });
}

async function verify(path: string): Promise<void> {
  const log = await logOf(weekLog(events));
  const cpu = process.cpuUsage();
  const own = process.threadCpuUsage();
  const began = performance.now();
  const files = await trailFiles([path]);
  const verified = await verifyTrail(readTrailBeside(files, { files: files.length, others: 0 }), [log]);
  const verify_s = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const played = process.threadCpuUsage(own);
  report(`trail of ${events}, ${layout}`, {
    verify_s,
    // On a machine that others load too, this says more than the time on the wall.
    verify_cpu_s: (user + system) / 1_000_000,
    // Of the thread that plays; another one reads.
    play_cpu_s: (played.user + played.system) / 1_000_000,
    events: verified.events,
    findings: verified.findings.length,
  });
}
