import type { RecordSet } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import { UntrustworthyListing } from '../zone/read-records.ts';
import type { Check } from './check.ts';
import { CannotTell, GapFound, sameRecords } from './check.ts';
import { address, aliasOf, canonical, leaf, text } from './sample-records.ts';
import type { Scratch } from './scratch.ts';

const READ_ROUNDS = 5;
/** Rounds in one of which nobody else writes to the zone. */
const COUNT_ROUNDS = 5;
const INSYNC_POLL_MS = 2_000;
/** Three times what Route 53 generally takes (GetChange, API reference). */
const INSYNC_POLLS_MAX = 90;
const UNKNOWN_ANSWERS_MAX = 3;

const order: Check = {
  id: 'order',
  asserts: 'Changes take effect in the order of the batch.',
  severity: 'fence',
  gapMeans:
    'The endpoint does not process batches as Route 53 does; what a batch of Pawl does here is not known.',
  run: async ({ name, given, accepts, refuses }) => {
    const before = text(name, 'before');
    const after = text(name, 'after');
    await given([create(before)]);
    await refuses('a CREATE before the DELETE it needs', [create(after), remove(before)]);
    await accepts('a CREATE after the DELETE it needs', [remove(before), create(after)], [after]);
  },
};

const aliasMissingTarget: Check = {
  id: 'alias-missing-target',
  asserts: 'An alias to a record that is not there, or not of its type, is refused.',
  severity: 'hands',
  gapMeans:
    'A root can be pointed at a tree that somebody deleted by hand a moment before: the name answers with nothing until the next sweep.',
  run: async ({ scratch: { zoneId }, at, given, refuses }) => {
    await given([create(address(at('target')))]);
    await refuses('an alias to nothing', [create(aliasOf(at('root'), zoneId, at('missing')))]);
    const otherType = aliasOf(at('root'), zoneId, at('target'), 'AAAA');
    await refuses('an alias to another type', [create(otherType)]);
  },
};

const aliasExistingTarget: Check = {
  id: 'alias-existing-target',
  asserts: 'An alias to a record of the same zone and type is accepted, and can be moved in one batch.',
  severity: 'fence',
  gapMeans: 'Roots cannot be made or flipped here at all.',
  run: async ({ scratch: { zoneId }, at, given, accepts }) => {
    const trees = [leaf(at('one'), 'a'), leaf(at('two'), 'a')];
    await given(trees.map(create));
    const root = aliasOf(at('root'), zoneId, at('one'));
    const flipped = aliasOf(at('root'), zoneId, at('two'));
    await accepts('an alias', [create(root)], [...trees, root]);
    await accepts('a flip', [remove(root), create(flipped)], [...trees, flipped]);
  },
};

const cnameClash: Check = {
  id: 'cname-clash',
  asserts: 'A CNAME beside a record of another type is refused, whichever came first.',
  severity: 'hands',
  gapMeans:
    'Beside a root somebody can put a record that excludes it; what resolvers then get is left to chance.',
  run: async ({ at, given, refuses }) => {
    await given([create(address(at('address'))), create(canonical(at('canonical'), at('address')))]);
    await refuses('a CNAME beside an A record', [create(canonical(at('address'), at('elsewhere')))]);
    await refuses('an A record beside a CNAME', [create(address(at('canonical')))]);
  },
};

const readYourWrites: Check = {
  id: 'read-your-writes',
  asserts: 'A listing shows an accepted change at once.',
  severity: 'fence',
  gapMeans:
    'What is read may be old: a lost answer can be misjudged, and a clean-up can rest on records long gone.',
  run: async ({ scratch, name, given }) => {
    for (let round = 1; round <= READ_ROUNDS; round += 1) {
      const record = text(name, `round ${round}`);
      await given([create(record)]);
      if (!sameRecords((await scratch.read(name)).records, [record])) {
        throw new GapFound(`the listing did not show what was created in round ${round}`);
      }
      await given([remove(record)]);
      if ((await scratch.read(name)).records.length > 0) {
        throw new GapFound(`the listing still showed what was deleted in round ${round}`);
      }
    }
  },
};

const listing: Check = {
  id: 'listing',
  asserts: 'Listings are complete at any page size, and everything below a name is one run.',
  severity: 'fence',
  gapMeans: 'Records are overlooked: the clean-up can take what is still in use for unused.',
  run: async ({ scratch, at, given }) => {
    const inside = [
      text(at('a'), 'one'),
      address(at('a')),
      leaf(at('b.a'), 'x'),
      leaf(at('b.a'), 'y'),
      address(at('*.a')),
      text(at('_c.d-e.a'), 'one'),
    ];
    const outside = ['a-b', 'a_b', 'aa', '0', 'b'].map((label) => text(at(label), 'outside'));
    await given([...inside, ...outside].map(create));
    for (const pageRecords of [1, 2, 300]) await lists(scratch, at('a'), pageRecords, inside);
  },
};

async function lists(
  scratch: Scratch,
  suffix: RecordSet['name'],
  pageRecords: number,
  expected: readonly RecordSet[],
): Promise<void> {
  try {
    const { records } = await scratch.read(suffix, pageRecords);
    if (sameRecords(records, expected)) return;
    throw new GapFound(
      `pages of ${pageRecords} showed ${records.length} records of ${expected.length}, or others`,
    );
  } catch (error) {
    if (error instanceof UntrustworthyListing) throw new GapFound(error.message, { cause: error });
    throw error;
  }
}

// See docs/adr/0048-a-listing-is-held-against-itself.md.
const recordCount: Check = {
  id: 'record-count',
  asserts: 'The zone counts a record that was made or deleted at once.',
  severity: 'hands',
  gapMeans:
    'Audits and clean-ups hold what they read against this count, and end without a decision here: what hands change is not found.',
  run: async ({ scratch, name, given }) => {
    const record = text(name, 'one');
    let seen = '';
    for (let round = 1; round <= COUNT_ROUNDS; round += 1) {
      const before = await scratch.recordCount();
      await given([create(record)]);
      const during = await scratch.recordCount();
      await given([remove(record)]);
      const after = await scratch.recordCount();
      if (during === before + 1 && after === before) return;
      seen = `${before}, then ${during} with one record more, then ${after} without it`;
    }
    // Others may write to the zone meanwhile, but not in every round.
    throw new GapFound(`in ${COUNT_ROUNDS} rounds the zone never counted right: at last ${seen}`);
  },
};

const changeStatus: Check = {
  id: 'change-status',
  asserts: 'An accepted change becomes INSYNC.',
  severity: 'fence',
  gapMeans: 'Pawl cannot know when a new tree answers everywhere, so it never flips, or flips too early.',
  run: async ({ scratch, name, given }) => {
    const changeId = await given([create(text(name, 'one'))]);
    let unknownAnswers = 0;
    for (let poll = 0; poll < INSYNC_POLLS_MAX; poll += 1) {
      const status = await scratch.changeStatus(changeId);
      if (status === 'insync') return;
      if (status === 'unknown') unknownAnswers += 1;
      if (unknownAnswers === UNKNOWN_ANSWERS_MAX)
        throw new GapFound('an accepted change is not known afterwards');
      await scratch.sleep(INSYNC_POLL_MS);
    }
    throw new CannotTell(`the change was still pending after ${INSYNC_POLLS_MAX} looks`);
  },
};

const aliasOrder: Check = {
  id: 'alias-order',
  asserts: 'An alias is refused before its target in a batch, and accepted after it.',
  severity: 'note',
  gapMeans: 'More lenient than Route 53 (or stricter): a test that passes here can fail there.',
  run: async ({ scratch: { zoneId }, at, accepts, refuses }) => {
    const target = address(at('target'));
    const root = aliasOf(at('root'), zoneId, at('target'));
    await refuses('an alias before its target', [create(root), create(target)]);
    await accepts('an alias after its target', [create(target), create(root)], [target, root]);
  },
};

const valueOrder: Check = {
  id: 'value-order',
  asserts: 'DELETE takes values in any order.',
  severity: 'note',
  gapMeans: 'Stricter than Route 53. Pawl deletes what it read as it read it, so nothing rests on this.',
  run: async ({ name, given, accepts }) => {
    await given([create(text(name, 'one', 'two'))]);
    await accepts('a DELETE with the values in another order', [remove(text(name, 'two', 'one'))], []);
  },
};

const liveTargetDelete: Check = {
  id: 'live-target-delete',
  asserts:
    "DELETE of a live alias's target is accepted, as Route 53 does: it does not protect what is in use.",
  severity: 'note',
  gapMeans: 'Stricter than Route 53: a test that relies on this refusal proves nothing for the real one.',
  run: async ({ scratch: { zoneId }, at, given, accepts }) => {
    const target = address(at('target'));
    const root = aliasOf(at('root'), zoneId, at('target'));
    await given([create(target)]);
    await given([create(root)]);
    await accepts("the DELETE of a live alias's target", [remove(target)], [root]);
  },
};

/** The properties that Pawl needs of the zone besides the fence's, and those that are worth knowing. */
export const ZONE_CHECKS: readonly Check[] = [
  order,
  aliasMissingTarget,
  aliasExistingTarget,
  cnameClash,
  readYourWrites,
  listing,
  recordCount,
  aliasOrder,
  valueOrder,
  liveTargetDelete,
  // Last, because only this check has to wait.
  changeStatus,
];
