import { elbv2 } from './elbv2.ts';
import { lease } from './lease.ts';
import type { SourceKind } from './source-kind.ts';

/** Every source that a target may name; lib/wiring/live-sources.ts has the adapter of each. */
const LIST = [elbv2, lease] as const;

export type SourceName = (typeof LIST)[number]['name'];

export const SOURCES: readonly SourceKind[] = LIST;

/** Where a source looks, for a sentence: "is observed …". */
export function sourcePlace(name: string): string {
  return SOURCES.find((source) => source.name === name)?.place ?? `by ${name}`;
}
