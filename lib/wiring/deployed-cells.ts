import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { CellName } from '../plan/names.ts';
import { cellName, dnsName, HOSTED_ZONE_ID } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';

// See docs/adr/0022-cells-are-deployed.md.
/** The cells that a stack serves, by name: the only ones that its functions touch. */
export type DeployedCells = ReadonlyMap<CellName, CellScope>;

const shape = z.record(
  z.string(),
  z.strictObject({ zone: z.string(), zoneId: z.string().regex(HOSTED_ZONE_ID) }),
);

/**
 * Reads the cells as a stack writes them into its functions: `{"use1-a":{"zone":"example.test","zoneId":"Z1"}}`, or, of
 * many cells, the same deflated, in base64.
 *
 * @throws ZodError, SyntaxError, InvalidValue, Error of zlib when it is something else.
 */
export function parseDeployedCells(text: string): DeployedCells {
  const cells = Object.entries(shape.parse(JSON.parse(plainText(text))));
  return new Map(
    cells.map(([name, { zone, zoneId }]) => {
      const cell = cellName(name);
      return [cell, { cell, zone: dnsName(zone), zoneId }];
    }),
  );
}

function plainText(text: string): string {
  return text.startsWith('{') ? text : inflateRawSync(Buffer.from(text, 'base64')).toString('utf8');
}

const oneShape = z.strictObject({ cell: z.string(), zone: z.string(), zoneId: z.string() });

/** Reads one cell as a stack writes it into an output. @throws ZodError, SyntaxError, InvalidValue. */
export function parseDeployedCell(text: string): CellScope {
  const { cell, zone, zoneId } = oneShape.parse(JSON.parse(text));
  return { cell: cellName(cell), zone: dnsName(zone), zoneId };
}
