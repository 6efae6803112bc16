import { create, remove } from '../plan/records.ts';
import type { Check } from './check.ts';
import { CannotTell, GapFound } from './check.ts';
import { address, aliasOf, leaf, text } from './sample-records.ts';

const CONTENDERS = 5;

const atomicBatch: Check = {
  id: 'atomic-batch',
  asserts: 'A batch is all or nothing.',
  severity: 'fence',
  gapMeans: 'A flip can land in part: an endpoint can lose its answer, or move although the fence was lost.',
  run: async ({ at, given, refuses }) => {
    const kept = text(at('kept'), 'kept');
    await given([create(kept)]);
    const clash = create(text(at('kept'), 'other'));
    await refuses('a good change before a bad one', [create(text(at('early'), 'new')), clash]);
    await refuses('a bad change before a good one', [clash, create(text(at('late'), 'new'))]);
    await refuses('a good DELETE before a bad one', [remove(kept), remove(text(at('missing'), 'none'))]);
  },
};

const exactDeleteValue: Check = {
  id: 'exact-delete-value',
  asserts: 'DELETE is refused unless every value is as it stands.',
  severity: 'fence',
  gapMeans: 'A stale enactor passes the fence and writes an old plan over a newer one.',
  run: async ({ name, at, given, refuses }) => {
    await given([create(text(name, 'one', 'two')), create(text(at('other'), 'one'))]);
    await refuses('a DELETE with another value', [remove(text(name, 'one', 'three'))]);
    await refuses('a DELETE with a value less', [remove(text(name, 'one'))]);
    await refuses('a DELETE with a value more', [remove(text(at('other'), 'one', 'two'))]);
  },
};

const exactDeleteTtl: Check = {
  id: 'exact-delete-ttl',
  asserts: 'DELETE is refused unless the TTL is as it stands.',
  severity: 'fence',
  gapMeans: 'A record that somebody changed by hand is deleted by a decision that never saw the change.',
  run: async ({ name, given, refuses }) => {
    const record = text(name, 'one');
    await given([create(record)]);
    await refuses('a DELETE with another TTL', [remove({ ...record, ttl: 61 })]);
  },
};

const exactDeleteWeight: Check = {
  id: 'exact-delete-weight',
  asserts: 'DELETE is refused unless set identifier and weight are as they stand.',
  severity: 'fence',
  gapMeans:
    'A tree that somebody changed by hand is deleted or repaired by a decision that never saw the change.',
  run: async ({ name, given, refuses }) => {
    await given([create(leaf(name, 'one', 10)), create(leaf(name, 'two', 20))]);
    await refuses('a DELETE with another weight', [remove(leaf(name, 'one', 11))]);
    await refuses('a DELETE with another set identifier', [remove(leaf(name, 'three', 10))]);
  },
};

const exactDeleteAlias: Check = {
  id: 'exact-delete-alias',
  asserts: "DELETE is refused unless an alias's target is as it stands.",
  severity: 'fence',
  gapMeans: 'A flip or a retirement replaces a root that has moved since it was read.',
  run: async ({ scratch: { zoneId }, name, at, given, refuses }) => {
    await given([create(address(at('one'))), create(address(at('two')))]);
    await given([create(aliasOf(name, zoneId, at('one')))]);
    await refuses('a DELETE of an alias with another target', [remove(aliasOf(name, zoneId, at('two')))]);
  },
};

const deleteMissing: Check = {
  id: 'delete-missing',
  asserts: 'DELETE of a record that is not there is refused.',
  severity: 'fence',
  gapMeans: 'A batch passes although the fence it names is gone.',
  run: async ({ name, at, given, refuses }) => {
    await given([create(text(name, 'one'))]);
    await refuses('a DELETE at a name with nothing', [remove(text(at('missing'), 'none'))]);
    await refuses('a DELETE of a type that is not there', [remove(address(name))]);
  },
};

const createConflict: Check = {
  id: 'create-conflict',
  asserts: 'CREATE is refused where a record set stands already, be it the same.',
  severity: 'fence',
  gapMeans: 'Two writers who both saw no fence make one each, and the later silently wins.',
  run: async ({ name, given, refuses }) => {
    await given([create(text(name, 'one'))]);
    await refuses('a CREATE over another value', [create(text(name, 'two'))]);
    await refuses('a CREATE over the same value', [create(text(name, 'one'))]);
  },
};

const replacement: Check = {
  id: 'replacement',
  asserts: 'DELETE and CREATE of another record of the same name and type in one batch are accepted.',
  severity: 'fence',
  gapMeans: 'The fence cannot move, no root flips, and a live tree that a hand changed stays as it is.',
  run: async ({ scratch: { zoneId }, name, at, given, accepts }) => {
    const fence = text(name, 'fence');
    const tree = leaf(at('tree'), 'one', 10);
    const root = aliasOf(at('root'), zoneId, tree.name);
    await given([create(fence), create(tree)]);
    await given([create(root)]);
    const next = text(name, 'next');
    await accepts('the replacement of a TXT record', [remove(fence), create(next)], [next, tree, root]);
    const mended = leaf(at('tree'), 'one', 20);
    const repair = [remove(next), create(fence), remove(tree), create(mended)];
    await accepts("the replacement of a live alias's target", repair, [fence, mended, root]);
  },
};

// See docs/adr/0031-what-the-fence-rests-on.md.
const reassertion: Check = {
  id: 're-assertion',
  asserts: 'DELETE and CREATE of the same record in one batch are accepted and change nothing.',
  severity: 'proof',
  gapMeans:
    'Everything works, with a protection less: the janitor cannot prove in the batch that deletes trees that the roots are still as it read them, and after a lost answer staging waits longer.',
  run: async ({ scratch: { zoneId }, name, at, given, accepts }) => {
    const fence = text(name, 'fence');
    const tree = leaf(at('tree'), 'one');
    const root = aliasOf(at('root'), zoneId, tree.name);
    await given([create(fence), create(tree)]);
    await given([create(root)]);
    const all = [fence, tree, root];
    await accepts('the re-assertion of a TXT record', [remove(fence), create(fence)], all);
    const leaves = [remove(fence), create(fence), remove(tree), create(tree)];
    await accepts('the re-assertion of a weighted record', leaves, all);
    await accepts('the re-assertion of an alias', [remove(root), create(root)], all);
  },
};

const compareAndSwap: Check = {
  id: 'compare-and-swap',
  asserts: 'Of many batches that replace the same fence at once, exactly one is accepted.',
  severity: 'fence',
  gapMeans: 'Two enactors both win: this is the outage that Pawl exists to prevent.',
  run: async ({ scratch, name, at, given }) => {
    const first = text(name, 'first');
    await given([create(first)]);
    const contenders = Array.from({ length: CONTENDERS }, (_, index) => ({
      fence: text(name, `contender ${index}`),
      load: text(at(`load-${index}`), 'load'),
    }));
    const outcomes = await Promise.all(
      contenders.map(async ({ fence, load }) => ({
        outcome: await scratch.change(
          [remove(first), create(fence), create(load)],
          'pawl doctor: compare-and-swap',
        ),
        load,
      })),
    );
    const lost = outcomes.filter(({ outcome }) => outcome.type === 'unknown').length;
    if (lost > 0) throw new CannotTell(`the answers to ${lost} of ${CONTENDERS} batches were lost`);
    const winners = outcomes.filter(({ outcome }) => outcome.type === 'accepted');
    if (winners.length !== 1) throw new GapFound(`${winners.length} of ${CONTENDERS} batches were accepted`);
    const { records } = await scratch.read(name);
    const loads = records.filter((record) => record.name !== name);
    if (loads.length !== 1 || loads[0]?.name !== winners[0]?.load.name) {
      throw new GapFound('a batch that lost left something behind');
    }
  },
};

/** What the fence itself is made of. */
export const FENCE_CHECKS: readonly Check[] = [
  atomicBatch,
  exactDeleteValue,
  exactDeleteTtl,
  exactDeleteWeight,
  exactDeleteAlias,
  deleteMissing,
  createConflict,
  replacement,
  reassertion,
  compareAndSwap,
];
