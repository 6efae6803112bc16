import type { KeptEndpoint } from '../ledger/decider/events.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import type { FieldsOf } from './detail-schemas.ts';

const NAMES_SHOWN = 3;
/** A text of somebody else's, such as a reason or Route 53's words, has so many characters at most. */
const TEXT_CHARS_MAX = 1_000;

/** A text of somebody else's as messages carry it: on one line, without control characters, and bounded. */
export function carried(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= TEXT_CHARS_MAX ? line : `${characters.slice(0, TEXT_CHARS_MAX - 1).join('')}…`;
}

/** The first few names, and how many more there are; "none" of none. */
export function fewOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}

/** `: why`, or nothing where nobody gave a reason. */
export function withReason(reason: string): string {
  return reason === '' ? '' : `: ${carried(reason)}`;
}

/** Endpoints that are kept back, each with what waits and why. */
export function keptFields(endpoints: readonly KeptEndpoint[]): FieldsOf<'EndpointsKeptBack'>['keptBack'] {
  return endpoints.map(({ name, digest, findings }) => ({
    name,
    digest,
    why: findings.map((finding) => carried(recordedSentence(finding))),
  }));
}
