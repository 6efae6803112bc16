import type { FleetFile } from '../../lib/fleet/declared-fleet.ts';
import type { FleetMistake } from '../../lib/fleet/mistakes.ts';
import { formatMistake } from '../../lib/fleet/mistakes.ts';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';

/** The mistakes in a text, as they are printed. Empty when there are none. */
export function printed(text: string): readonly string[] {
  return mistakesIn(text).map(formatMistake);
}

export function mistakesIn(text: string): readonly FleetMistake[] {
  const parsed = parseFleet(text, 'fleet.yaml');
  return parsed.type === 'invalid' ? parsed.mistakes : [];
}

/** The fleet in a text that has no mistakes. */
export function fleetIn(text: string): FleetFile {
  const parsed = parseFleet(text, 'fleet.yaml');
  if (parsed.type === 'fleet') return parsed.fleet;
  throw new Error(parsed.mistakes.map(formatMistake).join('\n'));
}

/** A fleet of one cell in example.test, whose targets and endpoints are given as indented lines. Targets begin at line 6. */
export function cellText(
  targets: readonly string[],
  endpoints: readonly string[],
  more: readonly string[] = [],
): string {
  return [
    'version: 1',
    'cells:',
    '  use1-a:',
    '    zone: example.test',
    '    targets:',
    ...targets.map((line) => `      ${line}`),
    '    endpoints:',
    ...endpoints.map((line) => `      ${line}`),
    ...more,
    '',
  ].join('\n');
}

/** Line 6 of {@link cellText}. The endpoints then begin at line 8. */
export const T1 = 't1: { az: z1, capacity: 100, ipv4: 192.0.2.1 }';
/** Line 8 of {@link cellText} after one target. */
export const API = 'api.example.test: { kind: addresses, targets: [t1] }';
