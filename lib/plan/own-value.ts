/**
 * The value under a key that comes from outside (a name, an id): never what every object inherits, because
 * `constructor` is a name like any other.
 */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
