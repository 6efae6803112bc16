import type { FleetFile } from '../../fleet/declared-fleet.ts';
import { readFleetFile } from '../../fleet/fleet-file.ts';
import { formatMistake } from '../../fleet/mistakes.ts';
import { counted } from '../printing/paper.ts';
import { BadInput } from './failures.ts';

/** Reads a fleet file. @throws BadInput with a line for each mistake. */
export async function readFleet(path: string): Promise<FleetFile> {
  const parsed = await readFleetFile(path);
  if (parsed.type === 'fleet') return parsed.fleet;
  const [first, ...others] = parsed.mistakes.map(formatMistake);
  if (first === undefined || others.length === 0) throw new BadInput(first ?? `${path} is not a fleet file.`);
  throw new BadInput(`${path} has ${counted(parsed.mistakes.length, 'mistake')}:`, {
    details: [first, ...others],
  });
}
