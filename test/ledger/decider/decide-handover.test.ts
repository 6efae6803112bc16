import { describe, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { asking, CELL, LEDGER, planAppended, planApplied } from '../../support/ledger-events.ts';
import { given } from './given.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const DOCS = dnsName('docs.example.test');
const OTHER = cellName('euw1-a');
const THIRD = cellName('apse2-c');
const fenceSeq = seq(9);

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { readonly type: Type }>;

const raised: LedgerEvent = { type: 'FormatRaised', format: 6 };
const offered = (...names: Of<'EndpointsOffered'>['names']): Of<'EndpointsOffered'> => ({
  ...{ type: 'EndpointsOffered', names, to: OTHER },
  ledger: LEDGER,
});
const awaited = (...names: Of<'EndpointsAwaited'>['names']): Of<'EndpointsAwaited'> => ({
  ...{ type: 'EndpointsAwaited', names },
  from: OTHER,
});
const withdrawn: LedgerEvent = { type: 'OffersWithdrawn', names: [API] };

/** A cell of format 6 that owns `api` and `web`. */
const OWNS: readonly LedgerEvent[] = [
  raised,
  planAppended(1),
  planApplied(1, 2, { endpoints: [API, WEB], rollbacks: {} }),
];

/** So many names. */
const many = (count: number, prefix = 'e') =>
  Array.from({ length: count }, (_, index) => dnsName(`${prefix}${index}.example.test`));

describe('an offer', () => {
  it('is of names that the cell owns', () => {
    given(...OWNS)
      .when(asking(offered(API, WEB)))
      .thenAppended();
    given(...OWNS)
      .when(asking(offered(API, DOCS)))
      .thenRefused(
        /^docs\.example\.test is not an endpoint of cell use1-a, so that it cannot hand it over\.$/,
      );
  });

  it('is made once, and names what is news of it', () => {
    given(...OWNS, offered(API))
      .when(asking(offered(API)))
      .thenRecorded();
    given(...OWNS, offered(API))
      .when(asking(offered(API, WEB)))
      .thenAppended(offered(WEB));
  });

  it('is of one name to one cell of one ledger', () => {
    given(...OWNS, offered(API))
      .when(asking({ ...offered(API), to: THIRD }))
      .thenRefused(
        /^An offer of api\.example\.test from cell use1-a to cell euw1-a stands: withdraw it first\.$/,
      );
    given(...OWNS, offered(API))
      .when(asking({ ...offered(WEB, API), ledger: '00000000' }))
      .thenRefused(/stands: withdraw it first\.$/);
    given(...OWNS, offered(API))
      .when(asking({ ...offered(WEB), to: THIRD }))
      .thenAppended();
  });

  it('waits until an earlier one is out of the zone', () => {
    given(...OWNS, offered(API), withdrawn)
      .when(asking(offered(API)))
      .thenRefused(/is being withdrawn: wait until it is\.$/);
    given(...OWNS, offered(API), withdrawn, { type: 'OffersEnded', names: [API] })
      .when(asking(offered(API)))
      .thenAppended();
  });

  it('is never made to the cell itself', () => {
    given(...OWNS)
      .when(asking({ ...offered(API), to: CELL }))
      .thenRefused(/^Cell use1-a cannot hand an endpoint over to itself: name another cell\.$/);
  });

  it('is one of 240 at most', () => {
    const names = many(241);
    const owns = [raised, planAppended(1), planApplied(1, 2, { endpoints: names, rollbacks: {} })];
    given(...owns)
      .when(asking(offered(...names)))
      .thenRefused(/^Cell use1-a would offer more than 240 endpoints at once: let some go over first\.$/);
    given(...owns)
      .when(asking(offered(...names.slice(1))))
      .thenAppended();
    given(...owns, offered(...names.slice(0, 100)))
      .when(asking(offered(...names.slice(50, 240))))
      .thenAppended(offered(...names.slice(100, 240)));
  });

  it('needs format 6', () => {
    for (const format of [1, 3, 5])
      given({ type: 'FormatRaised', format }, ...OWNS.slice(1))
        .when(asking(offered(API)))
        .thenRefused(/does not have EndpointsOffered: run "pawl upgrade use1-a"/);
  });
});

describe('the end of an offer', () => {
  it('is asked for once', () => {
    given(...OWNS, offered(API, WEB))
      .when(asking(withdrawn))
      .thenAppended();
    given(...OWNS, offered(API, WEB), withdrawn)
      .when(asking(withdrawn))
      .thenRecorded();
    given(...OWNS, offered(API, WEB), withdrawn)
      .when(asking({ ...withdrawn, names: [API, WEB, DOCS] }))
      .thenAppended({ ...withdrawn, names: [WEB] });
  });

  it('is recorded of what was offered alone', () => {
    const ended: LedgerEvent = { type: 'OffersEnded', names: [API] };
    given(...OWNS)
      .when(asking(ended))
      .thenRecorded();
    given(...OWNS, offered(API), withdrawn)
      .when(asking({ ...ended, names: [API, WEB] }))
      .thenAppended(ended);
    given(...OWNS, offered(API), withdrawn, ended)
      .when(asking(ended))
      .thenRecorded();
  });
});

describe('what another cell has taken', () => {
  const gone = { type: 'EndpointsGiven', names: [API], to: OTHER, fenceSeq } as const;

  it('is given once, by an offer to that cell', () => {
    given(...OWNS, offered(API))
      .when(asking(gone))
      .thenAppended();
    given(...OWNS, offered(API), gone)
      .when(asking(gone))
      .thenRecorded();
    given(...OWNS, offered(API))
      .when(asking({ ...gone, names: [API, WEB] }))
      .thenAppended(gone);
  });

  it('is not given where nothing was offered, or to somebody else', () => {
    given(...OWNS)
      .when(asking(gone))
      .thenRecorded();
    given(...OWNS, offered(API))
      .when(asking({ ...gone, to: THIRD }))
      .thenRecorded();
  });

  it('is given although the offer was withdrawn meanwhile', () => {
    given(...OWNS, offered(API), withdrawn)
      .when(asking(gone))
      .thenAppended();
  });

  it('is offered no more', () => {
    given(...OWNS, offered(API), gone)
      .when(asking(offered(API)))
      .thenRefused(/is not an endpoint of cell use1-a/);
  });
});

describe('a wait', () => {
  it('is for names of another cell', () => {
    given(...OWNS)
      .when(asking(awaited(DOCS)))
      .thenAppended();
    given(...OWNS)
      .when(asking(awaited(API)))
      .thenRecorded();
    given(...OWNS)
      .when(asking(awaited(API, DOCS)))
      .thenAppended(awaited(DOCS));
    given(...OWNS)
      .when(asking({ ...awaited(DOCS), from: CELL }))
      .thenRefused(/^Cell use1-a cannot take an endpoint over from itself: name another cell\.$/);
  });

  it('is begun once, and may turn to another cell', () => {
    given(...OWNS, awaited(DOCS))
      .when(asking(awaited(DOCS)))
      .thenRecorded();
    given(...OWNS, awaited(DOCS))
      .when(asking({ ...awaited(DOCS), from: THIRD }))
      .thenAppended();
  });

  it('may begin in a cell that has nothing yet', () => {
    given(raised)
      .when(asking(awaited(DOCS)))
      .thenAppended();
  });

  it('is one of 240 at most', () => {
    const names = many(241);
    given(raised)
      .when(asking(awaited(...names)))
      .thenRefused(/^Cell use1-a would await more than 240 endpoints at once: let some come over first\.$/);
    given(raised, awaited(...names.slice(0, 240)))
      .when(asking(awaited(...names.slice(200, 241))))
      .thenRefused(/more than 240/);
    // One that turns to another cell is one of those that wait already.
    given(raised, awaited(...names.slice(0, 240)))
      .when(asking({ ...awaited(...names.slice(0, 9)), from: THIRD }))
      .thenAppended();
  });

  it('is given up once', () => {
    given(...OWNS, awaited(DOCS))
      .when(asking({ ...awaited(DOCS, API), from: null }))
      .thenAppended({ ...awaited(DOCS), from: null });
    given(...OWNS)
      .when(asking({ ...awaited(DOCS), from: null }))
      .thenRecorded();
  });
});

describe('what the cell has taken', () => {
  const taken = { type: 'EndpointsTaken', names: [DOCS], from: OTHER, fenceSeq } as const;

  it('is taken once, as it was awaited', () => {
    given(...OWNS, awaited(DOCS))
      .when(asking(taken))
      .thenAppended();
    given(...OWNS, awaited(DOCS), taken)
      .when(asking(taken))
      .thenRecorded();
    given(...OWNS)
      .when(asking(taken))
      .thenRecorded();
    given(...OWNS, awaited(DOCS))
      .when(asking({ ...taken, from: THIRD }))
      .thenRecorded();
    given(...OWNS, awaited(DOCS))
      .when(asking({ ...taken, names: [WEB, DOCS] }))
      .thenAppended(taken);
  });

  it('can be offered at once, before any plan is applied', () => {
    given(raised, awaited(DOCS), taken)
      .when(asking(offered(DOCS)))
      .thenAppended();
  });
});
