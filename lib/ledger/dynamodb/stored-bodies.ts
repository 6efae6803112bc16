import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { sha256 } from '../../plan/canonical.ts';
import type { CellName } from '../../plan/names.ts';
import type { BodyDigest } from '../decider/events.ts';
import { checkBodySize } from '../entry-limits.ts';
import { BodyDamaged } from '../ledger.ts';
import type { BodyCache } from './body-cache.ts';
import type { BodyChunk, JoinedBody } from './body-chunks.ts';
import { chunksOf, joinChunks } from './body-chunks.ts';
import type { TableAccess } from './calls.ts';
import { attempt } from './calls.ts';
import { bodyPartition } from './partitions.ts';
import { queryItems } from './query-items.ts';
import type { Item } from './table-access.ts';
import { NOTHING_THERE } from './table-access.ts';

const NUMBER_DIGITS = 4;
const LAST_CHUNK = '9'.repeat(NUMBER_DIGITS);

/** Stores a text in chunks under its digest. A chunk that is there already is the same one: digests do not collide. */
export async function putBody(
  access: TableAccess,
  cache: BodyCache,
  cell: CellName,
  text: string,
): Promise<BodyDigest> {
  checkBodySize(text);
  const digest = sha256(text);
  // What is in the cache was put or read by this very process, and nothing is ever deleted.
  if (cache.get(cacheKey(cell, digest)) !== undefined) return digest;
  for (const chunk of chunksOf(text)) {
    const request = new PutItemCommand({
      TableName: access.table,
      Item: chunkItem(cell, digest, chunk),
      ConditionExpression: NOTHING_THERE,
    });
    const outcome = await attempt(access, () => access.client.send(request));
    if (outcome.type === 'failed' && outcome.failure.kind !== 'condition') throw outcome.failure.error;
  }
  cache.put(cacheKey(cell, digest), text);
  return digest;
}

/** @throws BodyDamaged with the digest and the chunk when the body is not what its digest says. */
export async function getBody(
  access: TableAccess,
  cache: BodyCache,
  cell: CellName,
  digest: BodyDigest,
): Promise<string> {
  const key = cacheKey(cell, digest);
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const body = await readBody(access, cell, digest);
  if (body.type === 'damaged') throw new BodyDamaged(`The body ${digest} of cell ${cell} ${body.what}.`);
  cache.put(key, body.text);
  return body.text;
}

/** Reads a body as it is stored, past any cache. */
export async function readBody(access: TableAccess, cell: CellName, digest: BodyDigest): Promise<JoinedBody> {
  const items = await queryItems(access, {
    partition: bodyPartition(cell),
    between: [chunkSortKey(digest, 0), `${digest}#${LAST_CHUNK}`],
    order: 'forward',
  });
  return joinChunks(items.map(chunkOf), digest);
}

function chunkSortKey(digest: BodyDigest, number: number): string {
  return `${digest}#${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

function chunkItem(cell: CellName, digest: BodyDigest, { number, of, sha, data }: BodyChunk): Item {
  return {
    pk: { S: bodyPartition(cell) },
    sk: { S: chunkSortKey(digest, number) },
    of: { N: String(of) },
    sha: { S: sha },
    data: { B: data },
  };
}

/** A missing attribute becomes a value that fails every check. */
function chunkOf(item: Item): BodyChunk {
  return {
    number: Number(item['sk']?.S?.split('#')[1] ?? 0),
    of: Number(item['of']?.N ?? 0),
    sha: item['sha']?.S ?? '',
    data: item['data']?.B ?? new Uint8Array(),
  };
}

function cacheKey(cell: CellName, digest: BodyDigest): string {
  return `${cell} ${digest}`;
}
