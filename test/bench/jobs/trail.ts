import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { changeRecord } from '../../../lib/emulator/wire/cloudtrail-record.ts';
import { generation } from '../../../lib/plan/generation.ts';
import { shortDigest } from '../../../lib/plan/plan.ts';
import { create, remove } from '../../../lib/plan/records.ts';
import { verifyTrail } from '../../../lib/trail/play-trail.ts';
import { readTrail, trailFiles } from '../../../lib/wiring/trail-files.ts';
import { digestOf, fleetDeclared, planAppended } from '../../support/ledger-events.ts';
import { BEGAN, leaf, logOf, rollbackRoot, root, trailAuthor } from '../../support/written-trail.ts';
import { report } from '../report.ts';

/** A week of one busy cell: every plan is staged, applied, and the tree of the one before the last goes. */
const events = Number(process.argv[2] ?? 100_000);
const WEEK_MS = 7 * 86_400_000;
const BATCHES_A_PLAN = 3;
const PLANS_LOGGED = 20_000;

const plans = Math.ceil(events / BATCHES_A_PLAN);
const folder = await mkdtemp(join(tmpdir(), 'pawl-trail-'));
const path = join(folder, 'week.ndjson.gz');
await pipeline(lines, createGzip({ level: 1 }), createWriteStream(path));
const logged = Math.min(plans, PLANS_LOGGED);
const log = await logOf([
  fleetDeclared(),
  ...Array.from({ length: logged }, (_, index) => planAppended(index + 1)),
]);
const reading = { files: 1, others: 0 };
const cpu = process.cpuUsage();
const began = performance.now();
const verified = await verifyTrail(readTrail(await trailFiles([path]), reading), [log]);
const verify_s = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(cpu);
report(`trail of ${events}`, {
  verify_s,
  // On a machine that others load too, this says more than the time on the wall.
  verify_cpu_s: (user + system) / 1_000_000,
  events: verified.events,
  findings: verified.findings.length,
});
await rm(folder, { recursive: true });

function* lines(): Generator<string> {
  const author = trailAuthor();
  author.write({});
  for (let number = 1; number <= plans; number += 1) {
    author.stage(number);
    // The log is shorter than the trail: its last plan is applied again and again.
    const plan = Math.min(number, PLANS_LOGGED);
    const named = { generation: generation(plan), plan: shortDigest(digestOf(plan)), by: 'enactor-b' };
    author.write(named, [
      ...(number < 2 ? [] : [remove(root(number - 1)), remove(rollbackRoot(Math.max(1, number - 2)))]),
      create(root(number)),
      create(rollbackRoot(Math.max(1, number - 1))),
    ]);
    if (number > 2)
      author.write({ by: 'janitor' }, [remove(leaf(number - 2)), remove(leaf(number - 2, 'api-2'))]);
    for (const { id, content } of author.events.splice(0)) {
      if (content.type !== 'batch') continue;
      const submittedAt = BEGAN + Math.floor(((number * BATCHES_A_PLAN) / events) * WEEK_MS);
      const request = {
        eventId: `${number}-${id}`,
        requestId: id,
        at: submittedAt,
        headers: new Map<string, string>(),
      };
      const change = { id: 'C1', status: 'PENDING' as const, submittedAt };
      yield `${JSON.stringify(changeRecord(request, 'Z1', { changes: content.changes }, change))}\n`;
    }
  }
}
