import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SmallFleet {
  /** Of target a-1; the others have 100. */
  readonly capacity?: number;
  readonly cells?: readonly string[];
  /** What target a-1 is observed by, as further fields of it: `elbv2: { … }`. */
  readonly observed?: string;
}

/** The text of a fleet file: a cell a zone (`<cell>.test`), an endpoint `api` of two targets, one of them of its own. */
export function smallFleet({ capacity = 100, cells = ['one'], observed }: SmallFleet = {}): string {
  const cell = (name: string, index: number): string => `
  ${name}:
    zone: ${name}.test
    targets:
      a-1: { az: use1-az1, capacity: ${capacity}, ipv4: 192.0.2.${index * 10 + 1}${observed === undefined ? '' : `, ${observed}`} }
      a-2: { az: use1-az2, capacity: 100, ipv4: 192.0.2.${index * 10 + 2}, ipv6: '2001:db8::${index}' }
    endpoints:
      api.${name}.test:
        kind: addresses
        targets: [a-1, a-2]
`;
  return `version: 1\ndefaults:\n  policy: { coalesce_s: 0, capacity_removed_percent: 100, endpoints_changed_percent: 100 }\ncells:${cells.map(cell).join('')}`;
}

/** Writes the fleet to a file of the folder and returns its path. */
export async function writeFleet(folder: string, fleet: SmallFleet = {}): Promise<string> {
  const path = join(folder, 'fleet.yaml');
  await writeFile(path, smallFleet(fleet));
  return path;
}
