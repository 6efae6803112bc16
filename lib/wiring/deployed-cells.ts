import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { CellName } from '../plan/names.ts';
import { cellName, dnsName, HOSTED_ZONE_ID } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';

// See docs/adr/0022-cells-are-deployed.md.
/** A role of another account. */
export interface ZoneRole {
  readonly arn: string;
  readonly externalId?: string | undefined;
}

// See docs/adr/0055-zones-of-another-account.md.
/** The roles of the account that owns a zone. */
export interface ZoneRoles {
  /** Everybody reads through this one. */
  readonly reads: ZoneRole;
  /** Assumed for batches alone, by those who may write. */
  readonly writes: ZoneRole;
}

/** A cell with the roles of its zone; without them the zone is the stack's own account's. */
export interface DeployedCell extends CellScope {
  readonly roles?: ZoneRoles | undefined;
}

/** The cells that a stack serves, by name: the only ones that its functions touch. */
export type DeployedCells = ReadonlyMap<CellName, DeployedCell>;

/** The names that the functions of a stack may write in each cell, as IAM's StringLike has them. */
export type DeployedNames = ReadonlyMap<CellName, readonly string[]>;

const roles = {
  roleArn: z.string().optional(),
  readerRoleArn: z.string().optional(),
  externalId: z.string().optional(),
};
const shape = z.record(
  z.string(),
  z.strictObject({ zone: z.string(), zoneId: z.string().regex(HOSTED_ZONE_ID), ...roles }),
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
    cells.map(([name, each]) => {
      const cell = deployedCell({ cell: name, ...each });
      return [cell.cell, cell];
    }),
  );
}

function plainText(text: string): string {
  return text.startsWith('{') ? text : inflateRawSync(Buffer.from(text, 'base64')).toString('utf8');
}

const oneShape = z.strictObject({ cell: z.string(), zone: z.string(), zoneId: z.string(), ...roles });

/** Reads one cell as a stack writes it into an output. @throws ZodError, SyntaxError, InvalidValue. */
export function parseDeployedCell(text: string): DeployedCell {
  return deployedCell(oneShape.parse(JSON.parse(text)));
}

function deployedCell(of: z.output<typeof oneShape>): DeployedCell {
  const { roleArn, readerRoleArn, externalId } = of;
  const scope = { cell: cellName(of.cell), zone: dnsName(of.zone), zoneId: of.zoneId };
  if (roleArn === undefined || readerRoleArn === undefined) return scope;
  return {
    ...scope,
    roles: { reads: { arn: readerRoleArn, externalId }, writes: { arn: roleArn, externalId } },
  };
}

const namesShape = z.strictObject({ cell: z.string(), names: z.array(z.string()) });

/**
 * Reads names that a cell may write as a stack writes them into its outputs, some in each.
 *
 * @throws ZodError, SyntaxError, InvalidValue.
 */
export function parseDeployedNames(outputs: readonly string[]): DeployedNames {
  const all = new Map<CellName, string[]>();
  for (const output of outputs) {
    const { cell, names } = namesShape.parse(JSON.parse(output));
    const known = all.get(cellName(cell)) ?? [];
    all.set(cellName(cell), [...known, ...names]);
  }
  return all;
}
