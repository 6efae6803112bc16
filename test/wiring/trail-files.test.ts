import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { TrailEvent } from '../../lib/trail/trail-event.ts';
import type { TrailReading } from '../../lib/wiring/read-trail.ts';
import { readTrail } from '../../lib/wiring/read-trail.ts';
import { trailFiles } from '../../lib/wiring/trail-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function record(id: string, minute = 0) {
  return {
    ...{ eventSource: 'route53.amazonaws.com', eventName: 'ChangeResourceRecordSets', eventID: id },
    eventTime: `2026-11-28T10:${String(minute).padStart(2, '0')}:00Z`,
    ...{ errorCode: 'Throttling', requestParameters: { hostedZoneId: 'Z1' } },
  };
}

async function idsIn(...paths: readonly string[]) {
  const reading: TrailReading = { files: 0, others: 0 };
  const events: TrailEvent[] = [];
  for await (const piece of readTrail(await trailFiles(paths), reading)) events.push(...piece);
  return [events.map(({ id }) => id).join(), reading.others];
}

it('the same events come out of a document, of lines, of both compressed, and of EventBridge', async () => {
  const folder = await temporaryFolder();
  const other = { eventSource: 's3.amazonaws.com', eventName: 'PutObject', eventID: 'o' };
  const records = [record('a'), other, record('b')];
  const document = JSON.stringify({ Records: records });
  const text = records.map((each) => JSON.stringify(each)).join('\r\n');
  const bridged = records.map((detail) => JSON.stringify({ source: 'aws.route53', detail })).join('\n');
  const files: readonly (readonly [name: string, content: string | Buffer])[] = [
    ['one.json', document],
    ['pretty.json', JSON.stringify({ Records: records }, undefined, 2)],
    ['one.json.gz', gzipSync(document)],
    ['one.ndjson', `${text}\n\n`],
    ['one.ndjson.gz', gzipSync(text)],
    ['bridge.jsonl', bridged],
  ];
  for (const [name, content] of files) {
    await writeFile(join(folder, name), content);
    expect(await idsIn(join(folder, name)), name).toEqual(['a,b', 1]);
  }
});

it('files are read in the order of their times, by their names or by their first event', async () => {
  const folder = await temporaryFolder();
  const below = join(folder, 'us-east-1', '2026');
  await mkdir(below, { recursive: true });
  const lines = (...each: readonly object[]) => each.map((one) => JSON.stringify(one)).join('\n');
  await writeFile(join(below, 'a.ndjson'), lines(record('late', 40)));
  await writeFile(join(below, 'z.ndjson'), lines(record('early', 5)));
  await writeFile(
    join(below, '1_CloudTrail_us-east-1_20261128T1020Z_x.json.gz'),
    gzipSync(JSON.stringify({ Records: [record('named', 18)] })),
  );
  await writeFile(join(below, 'notes.txt'), 'no trail');
  expect(await idsIn(folder)).toEqual(['early,named,late', 0]);
});

it('a small file of very much text is read a piece at a time', async () => {
  const folder = await temporaryFolder();
  const other = JSON.stringify({
    eventSource: 's3.amazonaws.com',
    eventName: 'Put',
    eventID: ' '.repeat(9_000),
  });
  const lines = [
    JSON.stringify(record('first')),
    ...Array(8_000).fill(other),
    JSON.stringify(record('last')),
  ];
  const packed = gzipSync(lines.join('\n'));
  expect(packed.length).toBeLessThan(1_000_000);
  await writeFile(join(folder, 'much.ndjson.gz'), packed);
  expect(await idsIn(folder)).toEqual(['first,last', 8_000]);
});
