import type { DnsName } from '../plan/names.ts';

/** The longest id that a target can have. */
const ID_MAX = 64;
/** Room for a number that makes an id unique. */
const NUMBER_CHARS = 6;

/** Makes unique ids of targets. */
export interface TargetIds {
  /** `api`, `api-blue`; with a number behind it where that is taken. */
  take(...parts: readonly string[]): string;
}

export function targetIds(): TargetIds {
  const taken = new Set<string>();
  return {
    take: (...parts) => {
      const wanted = slug(parts.filter((part) => part !== '').join('-')).slice(0, ID_MAX - NUMBER_CHARS);
      let id = wanted;
      for (let number = 2; taken.has(id); number += 1) id = `${wanted}-${number}`;
      taken.add(id);
      return id;
    },
  };
}

/** The base of an endpoint's target ids: its name without the zone, `any` for an asterisk, `apex` for the zone itself. */
export function endpointSlug(name: DnsName, zone: DnsName): string {
  if (name === zone) return 'apex';
  return slug(name.slice(0, -(zone.length + 1)).replace('*', 'any'));
}

/** A text in the characters that an id may have; `target` when none is left. */
export function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'target' : plain;
}
