import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readability, writtenBy } from '../plan/stored-format.ts';
import { isRunning } from './process-identity.ts';

const port = z.int().min(1).max(65_535);

/** The newest format of the file that is known, and the one that is written. */
const FORMAT = 1;

const worldFile = z.strictObject({
  format: z.literal(FORMAT),
  process: z.strictObject({ pid: z.int().min(1), startedAt: z.string().nullable() }),
  /** Names this run of the world, so that nobody removes the file of another. */
  token: z.string().min(1),
  /** Base addresses that clients of the AWS SDK take as `endpoint`. */
  route53: z.url(),
  dynamodb: z.url(),
  table: z.string().min(1),
  region: z.string().min(1),
  dns: z.strictObject({ host: z.string().min(1), port }),
  /** ISO 8601. */
  started: z.string().min(1),
});

/** Where the servers of a local world are, as the process that runs it wrote down. */
export type WorldFacts = z.output<typeof worldFile>;

/** The world's file is there but cannot be used. The message is one sentence. */
export class WorldFileUnreadable extends Error {
  override readonly name = 'WorldFileUnreadable';
}

/** The file by which every other command finds the local world of a folder. */
export function worldFilePath(folder: string): string {
  return join(folder, 'world.json');
}

/** Readers see the whole file or none: it is written beside its place and renamed into it. */
export async function writeWorldFile(folder: string, facts: WorldFacts): Promise<void> {
  const path = worldFilePath(folder);
  const beside = `${path}.${facts.token}`;
  const handle = await open(beside, 'wx');
  try {
    await handle.writeFile(`${JSON.stringify(facts, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, path);
}

/** Removes the file if it is still this world's. */
export async function removeWorldFile(folder: string, token: string): Promise<void> {
  const text = await readText(worldFilePath(folder));
  if (text === undefined) return;
  const read = worldFile.safeParse(json(text));
  if (read.success && read.data.token === token) await rm(worldFilePath(folder), { force: true });
}

/**
 * The local world of a folder, if the process that runs it is alive.
 *
 * @throws WorldFileUnreadable when the file is damaged, or another version's.
 */
export async function readWorldFile(folder: string): Promise<WorldFacts | undefined> {
  const path = worldFilePath(folder);
  const text = await readText(path);
  if (text === undefined) return undefined;
  const document = json(text);
  const written = writtenBy(document);
  // A command must know every field: one that it passed over might be the address that it needs.
  const readable = written && readability({ ...written, readableFrom: written.format }, FORMAT);
  if (readable?.type === 'newer') {
    throw new WorldFileUnreadable(
      `${path} cannot be read: ${readable.what}. Use the Pawl that runs the world.`,
    );
  }
  const read = worldFile.safeParse(document);
  if (!read.success) {
    throw new WorldFileUnreadable(`${path} is damaged: end that world and remove the file.`);
  }
  return isRunning(read.data.process) ? read.data : undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new WorldFileUnreadable(`${path} cannot be read (${String(code)}): check its permissions.`, {
      cause: error,
    });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
