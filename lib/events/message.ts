import type { CommonFields, FieldsOf } from './detail-schemas.ts';
import type { ToldKind } from './told-kinds.ts';

/** What one event of a log says to whoever waits for it, before it is known which stack and which event it is. */
export interface Message {
  readonly kind: ToldKind;
  readonly generation: number | null;
  /** A sentence. */
  readonly summary: string;
  /** A command to type next, without the option that names the stack. */
  readonly next: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A message of a kind, with exactly the fields that its schema has. */
export function message<Kind extends ToldKind>(
  kind: Kind,
  of: Pick<CommonFields, 'generation' | 'summary' | 'next'> & { readonly fields: FieldsOf<Kind> },
): Message {
  return { kind, ...of };
}
