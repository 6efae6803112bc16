// The partitions of the ledger's table. Permissions are bound by them (dynamodb:LeadingKeys), so the deployment imports
// this file, which imports nothing that does anything.

const CELL_PREFIX = 'CELL#';

/** The partition of the ledger's identity. */
export const IDENTITY_PARTITION = 'LEDGER';
/** The partition of the list of cells. */
export const CELLS_PARTITION = 'CELLS';

/** The partition of a cell's events. */
export function cellPartition(cell: string): string {
  return `${CELL_PREFIX}${cell}`;
}

/** The partition of a cell's bodies: its fleets, observations and plans. */
export function bodyPartition(cell: string): string {
  return `${cellPartition(cell)}#BODY`;
}

/** The cell that a partition belongs to (its events or its bodies); undefined when it is something else. */
export function partitionCell(partition: string): string | undefined {
  return partition.startsWith(CELL_PREFIX) ? partition.split('#')[1] : undefined;
}
