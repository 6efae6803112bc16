import { readFile } from 'node:fs/promises';
import { BUILT_IN_PLACES } from '../emulator/places/built-in-places.ts';
import type { PlaceTable } from '../emulator/places/places.ts';
import { PlacesUnreadable, placeTable } from '../emulator/places/places.ts';
import { StartRefused } from './start-refused.ts';

/**
 * The places that the local world's name server knows: the built-in table, and what a file says instead.
 *
 * @throws StartRefused when the file is there and cannot be read.
 */
export async function readPlaces(file: string): Promise<PlaceTable> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return BUILT_IN_PLACES;
    throw new StartRefused(`${file}, the table of places, cannot be read: look at its permissions.`, {
      cause,
    });
  }
  try {
    return placeTable(JSON.parse(text), BUILT_IN_PLACES);
  } catch (cause) {
    const why = cause instanceof PlacesUnreadable ? cause.message : 'it is not JSON';
    throw new StartRefused(`${file} is not a table of places (${why}): mend it, or move it away.`, { cause });
  }
}
