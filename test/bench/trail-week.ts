import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { changeRecord } from '../../lib/emulator/wire/cloudtrail-record.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { planTreeLabel } from '../../lib/plan/owned-names.ts';
import { shortDigest } from '../../lib/plan/plan.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { digestOf, fleetDeclared, planAppended } from '../support/ledger-events.ts';
import { BEGAN, leaf, rollbackRoot, root, trailAuthor } from '../support/written-trail.ts';

/**
 * A week of one busy cell as a trail: every plan is staged, applied, and the tree of the one before the last goes.
 * `node test/bench/trail-week.ts PATH EVENTS` writes it, in a process of its own: to write it takes longer than to verify it.
 * A PATH that ends in `.gz` is one file of lines; any other is a folder of files as CloudTrail delivers them to S3.
 */
const WEEK_MS = 7 * 86_400_000;
const DELIVERY_MS = 300_000;
const BATCHES_A_PLAN = 3;
const PLANS_LOGGED = 20_000;

/**
 * The log that the week of so many events is held against. It is shorter: its last plan is applied again and again, and what
 * it says of the trees after that is that they were retired.
 */
export function weekLog(events: number): readonly LedgerEvent[] {
  const plans = plansOf(events);
  const logged = Math.min(plans, PLANS_LOGGED);
  const trees = Array.from(
    { length: plans - logged },
    (_, index) => `${planTreeLabel(logged + index + 1)}.api`,
  );
  return [
    fleetDeclared(),
    ...Array.from({ length: logged }, (_, index) => planAppended(index + 1)),
    { type: 'TreesRetired', trees, fenceSeq: seq(1) },
  ];
}

function plansOf(events: number): number {
  return Math.ceil(events / BATCHES_A_PLAN);
}

interface Written {
  readonly at: number;
  readonly record: Readonly<Record<string, unknown>>;
}

function* week(events: number): Generator<Written> {
  const author = trailAuthor();
  author.write({});
  for (let number = 1; number <= plansOf(events); number += 1) {
    author.stage(number);
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
      const at = BEGAN + Math.floor(((number * BATCHES_A_PLAN) / events) * WEEK_MS);
      const about = {
        eventId: `${number}-${id}`,
        requestId: id,
        ...{ at, headers: new Map<string, string>() },
      };
      const change = { id: 'C1', status: 'PENDING' as const, submittedAt: at };
      yield { at, record: changeRecord(about, 'Z1', { changes: content.changes }, change) };
    }
  }
}

async function writeFolder(folder: string, events: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  let delivery = 0;
  let records: Written['record'][] = [];
  const deliver = async (): Promise<void> => {
    if (records.length === 0) return;
    const time = new Date((delivery + 1) * DELIVERY_MS).toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
    const name = `000000000000_CloudTrail_us-east-1_${time}Z_0123456789abcdef.json.gz`;
    await writeFile(join(folder, name), gzipSync(JSON.stringify({ Records: records })));
    records = [];
  };
  for (const { at, record } of week(events)) {
    if (Math.floor(at / DELIVERY_MS) !== delivery) await deliver();
    delivery = Math.floor(at / DELIVERY_MS);
    records.push(record);
  }
  await deliver();
}

async function writeLines(path: string, events: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const lines = function* () {
    for (const { record } of week(events)) yield `${JSON.stringify(record)}\n`;
  };
  await pipeline(lines, createGzip(), createWriteStream(path));
}

if (import.meta.main) {
  const [, , path = '', events = '0'] = process.argv;
  await (path.endsWith('.gz') ? writeLines : writeFolder)(path, Number(events));
}
