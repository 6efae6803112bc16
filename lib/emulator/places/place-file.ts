import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT_IN_PLACES } from './built-in-places.ts';
import type { PlaceTable } from './places.ts';
import { PlacesUnreadable, placeTable } from './places.ts';

/** Where the table of a local world's name server is, in the world's folder. */
export function placesFile(folder: string): string {
  return join(folder, 'places.json');
}

/**
 * The places that a name server knows: the built-in table, and what a file says instead.
 *
 * @throws PlacesUnreadable when the file is there and cannot be read; its message is then a sentence.
 */
export async function readPlaces(file: string): Promise<PlaceTable> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return BUILT_IN_PLACES;
    const sentence = `${file}, the table of places, cannot be read: look at its permissions.`;
    throw new PlacesUnreadable(sentence, { cause });
  }
  try {
    return placeTable(JSON.parse(text), BUILT_IN_PLACES);
  } catch (cause) {
    const why = cause instanceof PlacesUnreadable ? cause.message : 'it is not JSON';
    const sentence = `${file} is not a table of places (${why}): mend it, or move it away.`;
    throw new PlacesUnreadable(sentence, { cause });
  }
}
