import type { Answer, PendingCall } from './port-call.ts';

/** Counts how often each interesting situation was really met: a search that never meets it proves nothing about it. */
export interface Sightings {
  note(what: string): void;
  counts(): Readonly<Record<string, number>>;
  landed(call: PendingCall, answer: Answer): void;
  fault(seat: { readonly role: { readonly type: string } }, call: PendingCall, fault: string): void;
  wrote(scene: unknown, call: PendingCall, answer: Answer): void;
}

export function createSightings(): Sightings {
  const counts = new Map<string, number>();
  const note = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  return {
    note,
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    landed: (_call, answer) =>
      note(
        outcomeOf(answer) === 'accepted' || outcomeOf(answer) === 'appended'
          ? 'landed late and took effect'
          : 'landed late in vain',
      ),
    fault: ({ role }, call, fault) => note(`fault ${role.type} ${call.site} ${fault}`),
    wrote: () => undefined,
  };
}

export function outcomeOf(answer: Answer): string {
  if (answer.type === 'error') return 'error';
  const { value } = answer;
  if (typeof value !== 'object' || value === null || !('type' in value)) return '';
  return String(value.type);
}
