import { join } from 'node:path';
import { trailParts } from '../emulator/trail-file.ts';
import type { TrailFile } from './trail-files.ts';
import { filesThere } from './trail-files.ts';

/** The newest part of the trail that a local world writes into its folder. */
export function localTrail(folder: string): string {
  return join(folder, 'trail.ndjson');
}

/** The parts of a local world's own trail, oldest first. */
export async function localTrailFiles(folder: string): Promise<readonly TrailFile[]> {
  const files = await filesThere(trailParts(localTrail(folder)));
  return files.map((file) => ({ ...file, isGrowing: true as const }));
}
