// The partitions of the table of leases. Permissions are bound by them (dynamodb:LeadingKeys), so the deployment imports
// this file, which imports nothing that does anything.

/**
 * The partition of a cell's hearing zone.
 *
 * @param az such as `use1-az1`; for permissions `*`, which is every zone of the cell. No cell has `#` in its name, so it
 *   is no zone of another cell.
 */
export function leasePartition({ cell, az }: { readonly cell: string; readonly az: string }): string {
  return `${cell}#${az}`;
}
