import type { elbv2 } from './elbv2.ts';
import type { TargetsReading } from './source.ts';

export type Permission = (typeof elbv2.permission.actions)[number];
type Denied = NonNullable<Extract<TargetsReading, { readonly type: 'observed' }>['unseen']>;

/** A target of which nothing is known; without a cause, what was answered does not show whether it can serve. */
export interface Unseen {
  readonly id: string;
  readonly cause?: unknown;
}

/** The service refused a request for want of this permission. */
export class PermissionDenied extends Error {
  readonly permission: Permission;
  constructor(permission: Permission, options: ErrorOptions) {
    super(`${permission} is denied`, options);
    this.name = 'PermissionDenied';
    this.permission = permission;
  }
}

function byPermission(unseen: readonly Unseen[]): readonly (readonly [Permission, readonly string[]])[] {
  const denied = new Map<Permission, string[]>();
  for (const { id, cause } of unseen) {
    if (!(cause instanceof PermissionDenied)) continue;
    const ids = denied.get(cause.permission) ?? [];
    denied.set(cause.permission, [...ids, id]);
  }
  return [...denied];
}

function deniedText([permission, ids]: readonly [Permission, readonly string[]]): string {
  return `${permission} is denied for ${namesOf(ids)}`;
}

/** Which targets cannot be seen for want of which permission: a policy, or the account that an ARN names, may forbid some. */
export function deniedAmong(unseen: readonly Unseen[]): Denied | undefined {
  const each = byPermission(unseen);
  if (each.length === 0) return undefined;
  return { targets: each.flatMap(([, ids]) => ids), reason: each.map(deniedText).join(', ') };
}

/** More reasons than this are counted: the log keeps the first few hundred characters. */
const REASONS_MAX = 4;
const MESSAGE_CHARS_MAX = 100;

/** Why nothing is known of any target: what is denied, then every other reason with its targets, the commonest first. */
export function reasonsAmong(unseen: readonly Unseen[]): string {
  const others = new Map<string, { readonly ids: string[]; readonly message: string }>();
  for (const { id, cause } of unseen) {
    if (cause instanceof PermissionDenied) continue;
    const { name, message } = described(cause);
    const known = others.get(name) ?? { ids: [], message };
    known.ids.push(id);
    others.set(name, known);
  }
  const texts = [...others]
    .sort(([, a], [, b]) => b.ids.length - a.ids.length)
    .map(([name, { ids, message }]) => `${name} for ${namesOf(ids)}${message === '' ? '' : `: ${message}`}`);
  const reasons = [...byPermission(unseen).map(deniedText), ...texts];
  const more = reasons.length - REASONS_MAX;
  return [...reasons.slice(0, REASONS_MAX), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** The error that the service or the SDK gave, by its name: messages of one error differ, as where they repeat an ARN. */
function described(cause: unknown): { readonly name: string; readonly message: string } {
  if (cause === undefined) return { name: 'no health yet', message: '' };
  if (!(cause instanceof Error)) return { name: 'no answer', message: '' };
  const { name } = cause;
  const isLong = cause.message.length > MESSAGE_CHARS_MAX;
  const message = isLong
    ? `${cause.message.slice(0, MESSAGE_CHARS_MAX - 3).toWellFormed()}...`
    : cause.message;
  return name === 'Error' ? { name: message, message: '' } : { name, message };
}

/** More targets than this are counted: a reason is one phrase of a line. */
const NAMED_MAX = 8;

function namesOf(ids: readonly string[]): string {
  const more = ids.length - NAMED_MAX;
  return more > 0 ? `${ids.slice(0, NAMED_MAX).join(', ')} and ${more} more` : ids.join(', ');
}
