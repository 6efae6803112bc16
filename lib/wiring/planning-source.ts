import { cellSource } from '../fleet/sources/cell-observations.ts';
import type { Source } from '../fleet/sources/source.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandomness } from '../runtime/ids.ts';
import { liveSources } from './live-sources.ts';

/** Which source a cell's observations come from. */
export type ChooseSource = (fleet: CellFleet) => Source;

/** The sources that the fleet names, each for its own targets. */
export function chooseSource(): ChooseSource {
  const source = cellSource(liveSources({ clock: systemClock, randomness: systemRandomness }));
  return () => source;
}
