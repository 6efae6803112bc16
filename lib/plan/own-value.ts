/**
 * The object's own value under a key from outside (a name, an id), never an inherited one: `constructor` is a valid
 * name.
 */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
