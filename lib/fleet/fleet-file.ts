import { open, stat } from 'node:fs/promises';
import { MAX_FLEET_FILE_BYTES } from './bounds.ts';
import type { ParsedFleet } from './parse-fleet.ts';
import { parseFleet, refused, tooLarge } from './parse-fleet.ts';
import { oneLine } from './wording.ts';

/**
 * Reads and parses a fleet file. The only function of this folder that touches the disk. A file over
 * {@link MAX_FLEET_FILE_BYTES} is refused by its size, unread. A file that cannot be read is reported as a mistake.
 * See docs/adr/0008-what-the-fleet-may-import.md.
 */
export async function readFleetFile(path: string): Promise<ParsedFleet> {
  let bytes: Buffer;
  try {
    const about = await stat(path);
    if (about.isDirectory()) return refused(path, 'This is a folder: name the fleet file in it.');
    // A pipe or a device has no size to check and may never end.
    if (!about.isFile()) return refused(path, 'This is not a regular file: write the fleet to a file first.');
    if (about.size > MAX_FLEET_FILE_BYTES) return refused(path, tooLarge(about.size));
    bytes = await readBounded(path);
  } catch (cause) {
    return refused(path, unreadable(cause));
  }
  if (bytes.length > MAX_FLEET_FILE_BYTES) return refused(path, tooLarge(bytes.length));
  const text = utf8Text(bytes);
  return text === undefined
    ? refused(path, 'The file is not UTF-8 text: save it as UTF-8.')
    : parseFleet(text, path);
}

/** Reads at most one byte more than the bound: the file may have grown since its size was asked. */
async function readBounded(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of handle.createReadStream({ end: MAX_FLEET_FILE_BYTES, autoClose: false })) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'There is no such file: check the path.';
  if (code === 'EACCES' || code === 'EPERM')
    return 'The file may not be read by this user: check its permissions.';
  const reason = cause instanceof Error ? oneLine(cause.message) : 'no reason given';
  return `The file cannot be read (${reason}): check the path and the disk.`;
}

function utf8Text(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) return undefined;
    throw cause;
  }
}
