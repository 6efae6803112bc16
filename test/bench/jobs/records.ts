import { largeFleet } from '../large-fleet.ts';
import { report } from '../report.ts';
import { servedCell } from '../served-cell.ts';

/**
 * So many records created, then nothing to do, then all updated, through the real client over HTTP to the emulator.
 * `limited`: Route 53's classic rate of 5 requests a second, kept by the emulator and by the client's own budget.
 */
const ENDPOINTS = Number(process.argv[2] ?? 100);
const TARGETS = 100;
const isLimited = process.argv[3] === 'limited';

const cell = await servedCell({ endpoints: ENDPOINTS, targets: TARGETS, isLimited });
const figures: Record<string, number> = { records: ENDPOINTS * TARGETS };
await cell.declare((fleet) => fleet);
await measure('created', 'sweep');
await measure('nothing_to_do', 'sweep');
await cell.declare(({ zoneId }) => largeFleet(1, ENDPOINTS, TARGETS, zoneId, 1));
await measure('updated', 'hint');
report(`records ${ENDPOINTS * TARGETS}${isLimited ? ' at 5 requests/s' : ''}`, figures);
await cell.close();

async function measure(what: string, mode: 'hint' | 'sweep'): Promise<void> {
  const { seconds, requests } = await cell.enact(mode);
  figures[`${what}_s`] = seconds;
  figures[`${what}_requests`] = requests;
}
