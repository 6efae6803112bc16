import type { Predicate, ProtocolStep, Theory, TheoryPart } from '../../../lib/proof/theory.ts';
import { effect, said } from '../../../lib/proof/theory.ts';
import type { Variant } from '../variant.ts';

function part(name: string, of: string, gives: string, says: string): TheoryPart {
  return { name, of, gives, says };
}

/** A try is what a holder does in one period; it has what it writes. Times are seconds. */
const FIXED: readonly TheoryPart[] = [
  part('by', 'Try', 'Holder', 'Whose try it is.'),
  part(
    'began',
    'Try',
    'Int',
    'When the holder asked for the tick; it may act for 226 s from then by its stopwatch, which is 227 s at most.',
  ),
  part('t', 'Try', 'Int', 'The tick that it read.'),
  part('e', 'Try', 'Int', 'The epoch that it writes.'),
  part('s', 'Try', 'Int', 'The seq that it writes.'),
];

/** One zone and one group of it. */
const STATE: readonly TheoryPart[] = [
  part(
    'now',
    '',
    'Int',
    "The time by the clock of the planner that is the most behind; no planner's is more than 5 s ahead of it.",
  ),
  part('n', '', 'Int', 'The tick.'),
  part('seen', '', 'Bool', 'A planner has read this tick and said when it was there.'),
  part('since', '', 'Int', 'The time that the tick says: of this one if it is seen, else of the one before.'),
  part('born', '', 'Int', 'Past: when this tick came.'),
  part('row', '', 'Try', 'The try whose row stands.'),
  part('begun', 'Try', 'Bool', 'Its holder has begun it.'),
  part('read', 'Try', 'Bool', 'Its holder has read the tick.'),
  part('landed', 'Try', 'Bool', 'Past: its row has stood.'),
  part('claims', 'Try', 'Bool', 'Its holder takes its time from it.'),
  part('astray', '', 'Bool', 'Past: a write has landed on the row of one that came after it.'),
];

const GIVEN: readonly TheoryPart[] = [
  part('later', '', 'Int', 'A time.'),
  part('clock', '', 'Int', "What a planner's clock showed after it had read the tick."),
  part('attempt', '', 'Try', 'The try at hand.'),
];

const PREDICATES: readonly Predicate[] = [
  said('time-goes-on', 'Time does not go back.', 'now <= later'),
  said('not-yet-seen', 'Nobody has said when this tick was there.', '!seen'),
  said(
    'clock-after-tick',
    'The clock was read after the tick was there, however late the write arrives.',
    'born <= clock & clock <= now + 5',
  ),
  said(
    'tick-is-due',
    "The tick is seen, and 58 s old by the planner's clock, however late the write arrives.",
    'seen & since + 58 <= clock & clock <= now + 5',
  ),
  said(
    'begins-now',
    'The holder looks at its stopwatch before it asks for the tick.',
    '!begun(attempt) & began(attempt) = now',
  ),
  said(
    'reads-this-tick',
    'The holder has begun, and reads the tick that is there.',
    'begun(attempt) & !read(attempt) & t(attempt) = n',
  ),
  said(
    'replaces-what-it-knew',
    'The condition of the write: the row has the epoch and the seq that the holder knew.',
    's(attempt) = s(row) + 1',
  ),
  said(
    'has-read',
    'The holder has read a tick, and the write has not landed before.',
    'read(attempt) & !landed(attempt)',
  ),
  said(
    'goes-on-or-takes-over',
    "The row is the holder's own, written by an earlier try, or has lapsed by the tick that was read; an epoch goes up by one where the row is taken over.",
    `
    by(row) = by(attempt) & t(row) <= t(attempt) & (e(attempt) = e(row) | e(attempt) = e(row) + 1)
    | t(row) + 5 <= t(attempt) & e(attempt) = e(row) + 1`,
  ),
  said(
    'row-is-its-own',
    'The write was answered, or the row that was read has the holder, the epoch and the tick of this try.',
    `
    read(attempt) & (landed(attempt) | by(row) = by(attempt) & e(row) = e(attempt) & t(row) = t(attempt))`,
  ),
];

const INVARIANTS: readonly Predicate[] = [
  said(
    'l1-nothing-goes-down',
    'L1: no tick, epoch or seq that somebody has read or written is above the one that stands.',
    `
    (forall w: Try. read(w) -> t(w) <= n) & (forall w: Try. landed(w) -> e(w) <= e(row) & s(w) <= s(row))`,
  ),
  said(
    'l2-one-holder-acts',
    'L2: of two holders at most one is inside its time.',
    `
    forall v: Try, w: Try. claims(v) & claims(w) & now < began(v) + 227 & now < began(w) + 227 -> by(v) = by(w)`,
  ),
  said(
    'l3-none-lapses-early',
    'L3: no row lapses before whoever read its tick had to stop.',
    `
    forall w: Try. read(w) & t(w) + 5 <= n -> began(w) + 227 <= now`,
  ),
  said('l7-none-lands-late', "L7: no late write changes a row after its successor's.", '!astray'),
  said(
    'others-have-stopped',
    'Whoever takes its time from a try, or may do so, has the row, by a try that is not earlier, or has stopped.',
    `
    forall w: Try. claims(w) | landed(w) -> began(w) + 227 <= now | by(w) = by(row) & t(w) <= t(row)`,
  ),
  said(
    'tries-have-a-past',
    'What has a time or a row has read its tick, and what has read has begun.',
    `
    (forall w: Try. claims(w) | landed(w) -> read(w)) & (forall w: Try. read(w) -> begun(w))
    & (forall w: Try. begun(w) -> began(w) <= now) & born <= now & landed(row)`,
  ),
  said(
    'ticks-came-after',
    'A tick above the one that was read came after the holder had begun.',
    `
    forall w: Try. read(w) & t(w) + 1 <= n -> began(w) <= born`,
  ),
  said(
    'seen-ticks-are-apart',
    'What a seen tick says is 58 s a tick after the holder had begun.',
    `
    forall w: Try. read(w) & seen -> (n = t(w) + 1 -> began(w) <= since) & (n = t(w) + 2 -> began(w) + 58 <= since)
      & (n = t(w) + 3 -> began(w) + 116 <= since) & (n = t(w) + 4 -> began(w) + 174 <= since)`,
  ),
  said(
    'new-ticks-are-apart',
    'What a tick says that is not seen is what the one before it said.',
    `
    forall w: Try. read(w) & !seen -> (n = t(w) + 2 -> began(w) <= since) & (n = t(w) + 3 -> began(w) + 58 <= since)
      & (n = t(w) + 4 -> began(w) + 116 <= since)`,
  ),
];

const STEPS: readonly ProtocolStep[] = [
  {
    name: 'time-passes',
    says: 'Time passes.',
    code: 'lib/runtime/clock.ts',
    guards: ['time-goes-on'],
    happens: ['now < later & (exists w: Try. claims(w) & now < began(w) + 227 & began(w) + 227 <= later)'],
    effects: [effect('now', '', 'later')],
  },
  {
    name: 'tick-is-seen',
    says: 'A planner says when the tick was there: by its clock, and 58 s after the one before at least.',
    code: 'lib/lease/lease-rule.ts',
    guards: ['not-yet-seen', 'clock-after-tick'],
    happens: ['since + 58 < clock', 'clock < since + 58'],
    effects: [
      effect('seen', '', 'true'),
      effect('since', '', 'if since + 58 <= clock then clock else since + 58'),
    ],
  },
  {
    name: 'tick-rises',
    says: 'A planner lets the tick rise; in a deaf zone nobody does.',
    code: 'lib/lease/lease-rule.ts',
    guards: ['tick-is-due'],
    happens: ['exists w: Try. claims(w) & t(w) + 4 = n'],
    effects: [effect('n', '', 'n + 1'), effect('seen', '', 'false'), effect('born', '', 'now')],
  },
  {
    name: 'period-begins',
    says: 'A holder begins a period.',
    code: 'lib/lease/hold-period.ts',
    guards: ['begins-now'],
    happens: ['true'],
    effects: [effect('begun', 'w: Try', 'begun(w) | w = attempt')],
  },
  {
    name: 'holder-reads-the-tick',
    says: 'A holder reads the tick.',
    code: 'lib/lease/hold-period.ts',
    guards: ['reads-this-tick'],
    happens: ['began(attempt) < now'],
    effects: [effect('read', 'w: Try', 'read(w) | w = attempt')],
  },
  {
    name: 'row-lands',
    says: 'The write of a try arrives, at once or late.',
    code: 'lib/lease/dynamodb/dynamodb-leases.ts',
    guards: ['has-read', 'replaces-what-it-knew', 'goes-on-or-takes-over'],
    happens: [
      'by(row) = by(attempt) & e(row) = e(attempt) & claims(row)',
      'by(row) != by(attempt) & claims(row)',
      't(attempt) + 5 <= n',
    ],
    effects: [
      effect('row', '', 'attempt'),
      effect('landed', 'w: Try', 'landed(w) | w = attempt'),
      effect('astray', '', 'astray | (exists w: Try. landed(w) & s(attempt) <= s(w))'),
    ],
  },
  {
    name: 'holder-knows-its-row',
    says: 'A holder takes its time from a try: it was answered, or the row is its own.',
    code: 'lib/lease/hold-period.ts',
    guards: ['row-is-its-own'],
    happens: ['!landed(attempt) & now < began(attempt) + 227', 'row != attempt & landed(attempt)'],
    effects: [effect('claims', 'w: Try', 'claims(w) | w = attempt')],
  },
];

/** The protocol of docs/leases.md, for any number of holders and planners. */
export const LEASES: Theory = {
  name: 'leases',
  sorts: ['Holder', 'Try'],
  fixed: FIXED,
  state: STATE,
  given: GIVEN,
  laws: [],
  beginning: [
    said(
      'nobody-holds',
      'There is a tick, and no row, which counts as one that lapsed long ago.',
      `
      t(row) + 5 <= n & born <= now & began(row) <= born & began(row) + 300 <= now & !astray
      & (forall w: Try. (begun(w) <-> w = row) & (read(w) <-> w = row) & (landed(w) <-> w = row) & !claims(w))`,
    ),
  ],
  predicates: PREDICATES,
  invariants: INVARIANTS,
  steps: STEPS,
};

export const LEASE_VARIANTS: readonly Variant[] = [
  {
    name: 'a tick that says when it was made',
    alters: [
      {
        step: 'tick-rises',
        instead: [effect('seen', '', 'true'), effect('since', '', 'clock')],
        breaks: ['seen-ticks-are-apart'],
      },
    ],
  },
  {
    name: 'a time of a tick that is not 58 s after the one before',
    alters: [
      { step: 'tick-is-seen', instead: [effect('since', '', 'clock')], breaks: ['seen-ticks-are-apart'] },
    ],
  },
  {
    name: 'a time that was read before the tick was there',
    alters: [{ step: 'tick-is-seen', without: ['clock-after-tick'], breaks: ['seen-ticks-are-apart'] }],
  },
  {
    name: 'a tick that rises at once',
    alters: [
      {
        step: 'tick-rises',
        without: ['tick-is-due'],
        breaks: ['l3-none-lapses-early', 'new-ticks-are-apart'],
      },
    ],
  },
  {
    name: 'a holder whose time begins after it has asked',
    alters: [{ step: 'period-begins', without: ['begins-now'], breaks: ['tries-have-a-past'] }],
  },
  {
    name: 'a row taken over before it has lapsed',
    alters: [
      {
        step: 'row-lands',
        without: ['goes-on-or-takes-over'],
        breaks: ['l1-nothing-goes-down', 'others-have-stopped'],
      },
    ],
  },
  {
    name: 'a write without its condition',
    alters: [
      {
        step: 'row-lands',
        without: ['replaces-what-it-knew'],
        breaks: ['l1-nothing-goes-down', 'l7-none-lands-late'],
      },
    ],
  },
  {
    name: "a time taken from a row that is another's",
    alters: [
      {
        step: 'holder-knows-its-row',
        without: ['row-is-its-own'],
        breaks: ['l2-one-holder-acts', 'others-have-stopped', 'tries-have-a-past'],
      },
    ],
  },
];
