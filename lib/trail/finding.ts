import type { CellName, DnsName } from '../plan/names.ts';
import type { TrailEvent } from './trail-event.ts';

/** What kind of thing a trail shows. `docs/trail.md` has a line for each. */
export type TrailFindingCode =
  | 'outside-fence'
  | 'own-unfenced'
  | 'fence'
  | 'contents'
  | 'unknown-plan'
  | 'unknown-event'
  | 'other-ledger'
  | 'frozen'
  | 'no-step'
  | 'pointed'
  | 'missing-answer'
  | 'retired-again'
  | 'applied-unseen'
  | 'trail-lacks'
  | 'omitted'
  | 'late'
  | 'order';

/** The rule of docs/verification.md that a finding is about, and what a person does next. */
const ABOUT: Readonly<Record<TrailFindingCode, readonly [rule: string, next: string]>> = {
  'outside-fence': ['the fence', 'ask its sender; an enactor repairs what differs from the plan'],
  'own-unfenced': ['the fence', 'look which code runs under this identity: Pawl sends no such batch'],
  fence: ['I1', 'freeze the cell and look who wrote this fence'],
  contents: ['contents', 'freeze the cell and look which release sent this batch'],
  'unknown-plan': ['applied', 'look with "pawl verify" whether the log was rewritten'],
  'unknown-event': ['I6', 'look with "pawl verify --anchors" which events the log lost'],
  'other-ledger': ['the fence', 'look whose ledger that is, before "pawl adopt --cell"'],
  frozen: ['I7', 'look who wrote, and freeze the cell again'],
  'no-step': ['the proof', 'freeze the cell and look which release sent this batch'],
  pointed: ['I3', 'look with "pawl audit" whether everything answers'],
  'missing-answer': ['I2', 'look with "pawl audit" whether it answers now'],
  'retired-again': ['retired names', 'look which release sent this batch'],
  'applied-unseen': ['applied', 'look with "pawl verify" whether the log was rewritten'],
  'trail-lacks': [
    'the trail',
    'give the files of that time too; if there are none, the zone went back or the trail was off',
  ],
  omitted: ['the trail', 'look at the zone: nobody can say what this batch wrote'],
  late: ['the trail', 'give the files in the order of their times'],
  order: ['the trail', 'look at both batches: either order is possible'],
};

/** Something that a trail shows, or cannot show. */
export interface TrailFinding {
  readonly code: TrailFindingCode;
  readonly rule: string;
  readonly zone: DnsName;
  readonly cell?: CellName;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Where it lasted: when it ended; null where it had not ended when the trail did. */
  readonly until?: number | null;
  readonly who: string;
  readonly event: string;
  readonly change?: string;
  /** True: a hand made it so, or took away what it rests on. */
  readonly byHand: boolean;
  /** One sentence without its full stop. */
  readonly what: string;
  readonly next: string;
  /** Of a batch that is no step of the proof: the guards that it breaks, as docs/proof.md names them. */
  readonly guards?: readonly string[];
}

/** A finding about one event. */
export function findingOf(
  code: TrailFindingCode,
  { id, at, who, content }: TrailEvent,
  about: Pick<TrailFinding, 'zone' | 'what'> &
    Partial<Pick<TrailFinding, 'cell' | 'byHand' | 'until' | 'guards'>>,
): TrailFinding {
  const [rule, next] = ABOUT[code];
  const changeId = 'changeId' in content ? content.changeId : undefined;
  return {
    ...{ code, rule, at, who: who.name, event: id, byHand: false, next },
    ...(changeId === undefined ? {} : { change: changeId }),
    ...about,
  };
}
