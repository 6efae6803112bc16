import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { verifyTrail } from '../../lib/trail/play-trail.ts';
import type { TrailEvent } from '../../lib/trail/trail-event.ts';
import { PIECES_AHEAD, readTrailBeside } from '../../lib/wiring/read-trail-beside.ts';
import { trailFiles } from '../../lib/wiring/trail-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cleanLog, logOf } from '../support/written-trail.ts';

const EVERYTHING_HERE = Number.POSITIVE_INFINITY;
const NOTHING_HERE = -1;

const FENCE = { name: 'fence.use1-a._pawl.example.test.', type: 'TXT', tTL: 5 };
const fenceOf = (nonce: string) => ({
  ...FENCE,
  resourceRecords: [
    {
      value: `"v1 gen=1 seq=1 plan=000000000000 frozen=0 ledger=5be1c07a by=enactor-a n=${nonce}"`,
    },
  ],
});

function written(id: string, sender: string, more: Readonly<Record<string, unknown>>) {
  return {
    ...{ eventSource: 'route53.amazonaws.com', eventName: 'ChangeResourceRecordSets', eventID: id },
    ...{ eventTime: '2026-11-28T10:00:00Z', userIdentity: { arn: `arn:aws:iam::1:user/${sender}` } },
    ...{ requestParameters: { hostedZoneId: 'Z1' }, ...more },
  };
}

/** Every kind of event, of two senders. */
const RECORDS = [
  written('made', 'pawl', {
    ...{ eventName: 'CreateHostedZone', responseElements: { hostedZone: { id: '/hostedzone/Z1' } } },
  }),
  written('first', 'pawl', {
    requestParameters: {
      hostedZoneId: 'Z1',
      changeBatch: { changes: [{ action: 'CREATE', resourceRecordSet: fenceOf('n0000001') }] },
    },
    responseElements: { changeInfo: { id: '/change/C1' } },
  }),
  written('refused', 'hand', { errorCode: 'InvalidChangeBatch' }),
  written('omitted', 'hand', { requestParameters: { hostedZoneId: 'Z1', omitted: true } }),
  { eventSource: 's3.amazonaws.com', eventName: 'PutObject', eventID: 'other' },
  written('second', 'hand', {
    requestParameters: {
      hostedZoneId: 'Z1',
      changeBatch: {
        changes: [
          { action: 'DELETE', resourceRecordSet: fenceOf('n0000001') },
          { action: 'CREATE', resourceRecordSet: fenceOf('n0000002') },
        ],
      },
    },
  }),
];

async function trailOf(files: readonly (readonly [name: string, content: string | Buffer])[]) {
  const folder = join(await temporaryFolder(), 'trail');
  await mkdir(folder);
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  return trailFiles([folder]);
}

const kinds = () =>
  trailOf([
    ['a.ndjson', RECORDS.map((each) => JSON.stringify(each)).join('\n')],
    ['b.json.gz', gzipSync(JSON.stringify({ Records: RECORDS.map((each) => ({ ...each })) }))],
  ]);

async function readWith(files: Awaited<ReturnType<typeof trailFiles>>, smallBytes: number) {
  const reading = { files: files.length, others: 0 };
  const events: TrailEvent[] = [];
  for await (const piece of readTrailBeside(files, reading, smallBytes)) events.push(...piece);
  return { events, reading };
}

/** What anybody can see of an event. */
function plain({ content, ...about }: TrailEvent) {
  if (content.type !== 'batch') return { ...about, content };
  const { changes, changeId } = content;
  return { ...about, content: { type: 'batch', changes, changeId } };
}

describe('a trail that is read by another thread', () => {
  it('has the same events', async () => {
    const files = await kinds();
    const here = await readWith(files, EVERYTHING_HERE);
    const beside = await readWith(files, NOTHING_HERE);
    expect(here.events.map(({ id }) => id).join()).toBe(
      'made,first,refused,omitted,second,made,first,refused,omitted,second',
    );
    expect(beside.events.map(plain)).toEqual(here.events.map(plain));
    expect(beside.reading).toEqual(here.reading);
    expect(beside.reading.others).toBe(2);
  });

  it('shows the same', async () => {
    const files = await kinds();
    const log = await logOf(cleanLog());
    const reading = { files: 2, others: 0 };
    const isOwn = ({ name }: { readonly name: string }) => name.endsWith('/pawl');
    const [here, beside] = [
      await verifyTrail(readTrailBeside(files, reading, EVERYTHING_HERE), [log], { isOwn }),
      await verifyTrail(readTrailBeside(files, reading, NOTHING_HERE), [log], { isOwn }),
    ];
    expect(beside).toEqual(here);
    expect(here.counts).toMatchObject({ omitted: 1, 'outside-fence': 1 });
  });

  it('is refused in the same words', async () => {
    const cut = await trailOf([
      ['a.json', JSON.stringify({ Records: RECORDS })],
      ['b.json.gz', gzipSync(JSON.stringify({ Records: RECORDS })).subarray(0, 60)],
    ]);
    const gz = cut.find(({ path }) => path.endsWith('.gz'));
    const said = `${gz?.path} is cut off: get the whole file again.`;
    for (const smallBytes of [EVERYTHING_HERE, NOTHING_HERE])
      await expect(readWith(cut, smallBytes)).rejects.toMatchObject({
        name: 'TrailUnreadable',
        message: said,
      });
  });

  it('ends with whoever stops listening', async () => {
    const line = JSON.stringify(RECORDS[1]);
    const many = Array.from(
      { length: 2 * PIECES_AHEAD },
      (_, index) => [`${String(index).padStart(3, '0')}.ndjson`, line] as const,
    );
    const reader = readTrailBeside(await trailOf(many), { files: many.length, others: 0 }, NOTHING_HERE);
    expect((await reader.next()).value).toHaveLength(1);
    expect(await reader.return(undefined)).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});
