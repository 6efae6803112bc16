import { retryAt } from '../../cell/asked-answers.ts';
import type { KeptEndpoint, RefusedStep } from '../../ledger/decider/events.ts';
import type { WaitingLoosening } from '../../ledger/decider/loosening.ts';
import { waitingLoosening } from '../../ledger/decider/loosening.ts';
import type { RecordedFinding } from '../../ledger/decider/recorded-finding.ts';
import { shownFindings } from '../../ledger/decider/recorded-finding.ts';
import type { CellState, KeptBack } from '../../ledger/decider/state.ts';
import { isDoubt, severest } from '../../plan/findings.ts';
import type { Generation } from '../../plan/generation.ts';
import type { DnsName } from '../../plan/names.ts';

/** An endpoint that answers as it did, although something else is asked for. Times are milliseconds since 1970. */
export interface KeptBackSeen {
  readonly name: DnsName;
  /** Of what waits. */
  readonly digest: string;
  /** Null where the log does not hold it: the planner has not recorded it yet, or the cell's format cannot. */
  readonly since: number | null;
  readonly findings: readonly (RecordedFinding & { readonly message: string })[];
  /** Whether a person can let it go. */
  readonly approvable: boolean;
  /** Who declined what waits: it is no alarm any more. */
  readonly rejected: { readonly at: number; readonly by: string; readonly reason: string } | null;
}

/** An endpoint whose records Route 53 refuses. */
export interface RefusedSeen {
  readonly name: DnsName;
  readonly step: RefusedStep;
  readonly generation: Generation;
  /** Route 53's own words, or what stands in the way. */
  readonly reason: string;
  readonly since: number;
  readonly attempts: number;
  /** When it is tried again; null while it is being tried. */
  readonly retryAt: number | null;
  /** A person declined what waits for it: it is no alarm any more. */
  readonly rejected: boolean;
}

/** What stands in the way of one cell, and waits for a person or for something outside of Pawl. */
export interface Obstacles {
  readonly refused: readonly RefusedSeen[];
  /** Sources of observations that cannot see. */
  readonly blind: CellState['blind'];
  readonly keptBack: readonly KeptBackSeen[];
  /** A person's plan that waits for an approval as a whole. */
  readonly held: { readonly generation: Generation; readonly digest: string; readonly at: number } | null;
  /** What of the declared policy is looser than what a person has accepted. */
  readonly loosening: WaitingLoosening | null;
}

/**
 * The obstacles of a cell by its log. Pure.
 *
 * @param now milliseconds since 1970.
 * @param keptBack what is kept back by a judgement of now; what the log holds unless given.
 */
export function obstaclesOf(
  state: CellState,
  now: number,
  keptBack: readonly KeptEndpoint[] = state.keptBack,
): Obstacles {
  const { newest, blind, refused } = state;
  const known = new Map(state.keptBack.map((entry) => [entry.name, entry]));
  const kept = keptBack.map((entry) => keptBackSeen(entry, known.get(entry.name)));
  const declined = new Set(kept.filter(({ rejected }) => rejected !== null).map(({ name }) => name));
  return {
    refused: refused.map((entry) => {
      const { name, step, generation, reason, since, attempts, trying } = entry;
      const again = trying === null ? retryAt(entry, state, now) : null;
      const rejected = declined.has(name);
      return { name, step, generation, reason, since, attempts, retryAt: again, rejected };
    }),
    blind,
    keptBack: kept,
    held:
      newest?.disposition === 'held'
        ? { generation: newest.generation, digest: newest.digest, at: newest.at }
        : null,
    loosening: waitingLoosening(state),
  };
}

function keptBackSeen({ name, digest, findings }: KeptEndpoint, known: KeptBack | undefined): KeptBackSeen {
  return {
    name,
    digest,
    since: known?.since ?? null,
    findings: shownFindings(findings),
    approvable: severest(findings) !== 'fatal',
    rejected: (known?.digest === digest ? known.rejected : undefined) ?? null,
  };
}

/**
 * What is kept back for a reason of its own: a refusal by Route 53 is said once, with the refusal, and what goes over to
 * another cell with what is offered.
 */
export function keptBackApart({ keptBack, refused }: Obstacles): readonly KeptBackSeen[] {
  const names = new Set(refused.map(({ name }) => name));
  return keptBack.filter(({ name, findings }) => {
    const isOf = (reason: string): boolean => findings.every(({ code }) => code === reason);
    const goesOver = findings.length > 0 && isOf(HANDED_OVER);
    return !goesOver && !(names.has(name) && isOf(REFUSED));
  });
}

const REFUSED = 'refused-by-route53';
const HANDED_OVER = 'handed-over';

/** The kinds of obstacles that somebody must see. What a person declined is none. */
export type ObstacleKind = 'refused' | 'blind' | 'kept-back' | 'held';

/** The obstacles of a cell that are an alarm, the most urgent first. Pure. */
export function alarming(obstacles: Obstacles): readonly ObstacleKind[] {
  const { refused, blind, held, loosening } = obstacles;
  const waiting = keptBackApart(obstacles).filter(({ rejected }) => rejected === null);
  const isBlind = blind.length > 0 || waiting.some(isPresumedBlind);
  return [
    ...(refused.some(({ rejected }) => !rejected) ? (['refused'] as const) : []),
    ...(isBlind ? (['blind'] as const) : []),
    ...(waiting.length > 0 ? (['kept-back'] as const) : []),
    ...(held === null && (loosening === null || loosening.rejected !== undefined) ? [] : (['held'] as const)),
  ];
}

/** Whether the planner does not believe an observer, because too much vanished. */
function isPresumedBlind({ findings }: KeptBackSeen): boolean {
  return findings.some(isDoubt);
}
