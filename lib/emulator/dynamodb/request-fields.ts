import type { ItemKey, WireItem } from './append-only-table.ts';

/** A request's body, parsed. */
export type RequestFields = Readonly<Record<string, unknown>>;

/** A request that is not exactly one of those that the ledger sends: a bug in the sender, or a request to add here. */
export class UnknownRequest extends Error {
  override readonly name = 'UnknownRequest';
}

/** @throws UnknownRequest when a field is missing or unknown. */
export function checkFields(
  operation: string,
  fields: RequestFields,
  required: readonly string[],
  optional: readonly string[] = [],
): void {
  for (const name of required) {
    if (fields[name] === undefined) throw new UnknownRequest(`${operation} came without ${name}`);
  }
  for (const name of Object.keys(fields)) {
    if (!required.includes(name) && !optional.includes(name))
      throw new UnknownRequest(`${operation} came with ${name}, which nobody knows here`);
  }
}

/** @throws UnknownRequest when an expression is not exactly the one that is known here. */
export function checkExpression(fields: RequestFields, name: string, known: string): void {
  if (fields[name] !== known)
    throw new UnknownRequest(`${name} is "${String(fields[name])}", not "${known}"`);
}

/** A text. */
export function textOf(fields: RequestFields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new UnknownRequest(`${name} is not a text`);
  return value;
}

/** A flag; false when it is absent, as DynamoDB takes it. */
export function flagOf(fields: RequestFields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw new UnknownRequest(`${name} is neither true nor false`);
  return value;
}

/** The most items that a page may have. */
export function limitOf(fields: RequestFields, most: number): number {
  const value = fields['Limit'];
  if (value === undefined) return most;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    throw new UnknownRequest('Limit is not a whole number above 0');
  return Math.min(value, most);
}

/** An item with its key. */
export function itemOf(
  fields: RequestFields,
  name: string,
): { readonly key: ItemKey; readonly item: WireItem } {
  const item = attributesOf(fields, name);
  return { key: { pk: stringIn(item, 'pk', name), sk: stringIn(item, 'sk', name) }, item };
}

/** A key, which has nothing but its two attributes. */
export function keyOf(fields: RequestFields, name: string): ItemKey {
  const { key, item } = itemOf(fields, name);
  if (Object.keys(item).length !== 2) throw new UnknownRequest(`${name} has more than a key's attributes`);
  return key;
}

/** The values of an expression, each a text. */
export function valuesOf(fields: RequestFields, names: readonly string[]): readonly string[] {
  const values = attributesOf(fields, 'ExpressionAttributeValues');
  if (Object.keys(values).length !== names.length)
    throw new UnknownRequest(`ExpressionAttributeValues has other values than ${names.join()}`);
  return names.map((name) => stringIn(values, name, 'ExpressionAttributeValues'));
}

const PLACEHOLDER = /^#[A-Za-z]+$/;
const KEY_ATTRIBUTES: readonly string[] = ['pk', 'sk'];

/**
 * Reduces an item to the attributes that a request asks for. Only a key's attributes may be named without a
 * placeholder: DynamoDB reserves most other names.
 */
export function projectionOf(fields: RequestFields): (item: WireItem) => WireItem {
  const { ProjectionExpression: expression, ExpressionAttributeNames: given } = fields;
  if (expression === undefined) {
    if (given !== undefined) throw new UnknownRequest('ExpressionAttributeNames names what nothing uses');
    return (item) => item;
  }
  const names = new Map(Object.entries((given ?? {}) as Readonly<Record<string, string>>));
  const asked = textOf(fields, 'ProjectionExpression').split(', ');
  const wanted = asked.map((word) => {
    const name = PLACEHOLDER.test(word) ? names.get(word) : KEY_ATTRIBUTES.find((known) => known === word);
    if (name === undefined) throw new UnknownRequest(`ProjectionExpression asks for "${word}"`);
    return name;
  });
  if (names.size !== asked.filter((word) => names.has(word)).length)
    throw new UnknownRequest('ExpressionAttributeNames names what nothing uses');
  return (item) => Object.fromEntries(Object.entries(item).filter(([name]) => wanted.includes(name)));
}

function attributesOf(fields: RequestFields, name: string): WireItem {
  const value = fields[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnknownRequest(`${name} has no attributes`);
  return value as WireItem;
}

function stringIn(item: WireItem, attribute: string, name: string): string {
  const text = item[attribute]?.['S'];
  if (text === undefined || text === '') throw new UnknownRequest(`${name} has no text ${attribute}`);
  return text;
}
