import type { DnsName } from './names.ts';

// Names as permissions have them: IAM compares a record's name as Route 53 writes it, with patterns.

/** A name as Route 53 writes it and IAM compares it: with `\052` for the asterisk of a wildcard. */
export function comparedName(name: DnsName): string {
  return name.startsWith('*') ? `\\052${name.slice(1)}` : name;
}

/** Whether a pattern covers a compared name: `*` is any text, `?` any character (IAM, StringLike). */
export function covers(pattern: string, compared: string): boolean {
  const expression = pattern
    .toLowerCase()
    .replaceAll(/[.+^${}()|[\]\\]/g, (each) => `\\${each}`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(compared);
}
