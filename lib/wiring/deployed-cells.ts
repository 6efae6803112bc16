import { z } from 'zod';
import type { CellName } from '../plan/names.ts';
import { cellName, dnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';

// See docs/adr/0022-cells-are-deployed.md.
/** The role of another account through which a zone is read and written. */
export interface ZoneRole {
  readonly arn: string;
  readonly externalId?: string | undefined;
}

/** A cell with the role of its zone; without one the zone is the stack's own account's. */
export interface DeployedCell extends CellScope {
  readonly role?: ZoneRole | undefined;
}

/** The cells that a stack serves, by name: the only ones that its functions touch. */
export type DeployedCells = ReadonlyMap<CellName, DeployedCell>;

const role = { roleArn: z.string().optional(), externalId: z.string().optional() };
const shape = z.record(
  z.string(),
  z.strictObject({ zone: z.string(), zoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/), ...role }),
);

/**
 * Reads the cells as a stack writes them into its functions: `{"use1-a":{"zone":"example.test","zoneId":"Z1"}}`.
 *
 * @throws ZodError, SyntaxError, InvalidValue when it is something else.
 */
export function parseDeployedCells(text: string): DeployedCells {
  const cells = Object.entries(shape.parse(JSON.parse(text)));
  return new Map(
    cells.map(([name, each]) => {
      const cell = deployedCell({ cell: name, ...each });
      return [cell.cell, cell];
    }),
  );
}

const oneShape = z.strictObject({ cell: z.string(), zone: z.string(), zoneId: z.string(), ...role });

/** Reads one cell as a stack writes it into an output. @throws ZodError, SyntaxError, InvalidValue. */
export function parseDeployedCell(text: string): DeployedCell {
  return deployedCell(oneShape.parse(JSON.parse(text)));
}

function deployedCell({ cell, zone, zoneId, roleArn, externalId }: z.output<typeof oneShape>): DeployedCell {
  const scope = { cell: cellName(cell), zone: dnsName(zone), zoneId };
  return roleArn === undefined ? scope : { ...scope, role: { arn: roleArn, externalId } };
}
