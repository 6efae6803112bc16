import assert from 'node:assert/strict';
import { NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { offerRecord } from '../../lib/plan/offers.ts';
import { shortDigest } from '../../lib/plan/plan.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { TrailReport } from '../../lib/trail/trail-report.ts';
import {
  CELL,
  digestOf,
  drained,
  fleetDeclared,
  LEDGER,
  planAppended,
  planApplied,
  ZONE,
} from '../support/ledger-events.ts';
import {
  API,
  appliedTrail,
  BEGAN,
  cleanLog,
  cleanTrail,
  digitsOf,
  flipSeq,
  leaf,
  pointer,
  rollbackRoot,
  root,
  shown,
  trailAuthor,
  tree,
} from '../support/written-trail.ts';

function codes({ findings }: TrailReport): readonly string[] {
  return findings.map(({ code }) => code);
}

/** The guards that batches break, those of each batch. */
function guardsIn({ findings }: TrailReport): readonly (readonly string[])[] {
  return findings.flatMap(({ code, guards = [] }) => (code === 'no-step' ? [guards] : []));
}

/** What a trail must show, and must not: the same checks find bugs that are seeded in the verifier. */
export const TRAIL_CHECKS = {
  'a clean trail shows nothing': async () => {
    const report = await shown(cleanTrail().events);
    assert.deepEqual(report.findings, []);
    assert.deepEqual(report.zones[0]?.cells[0], {
      cell: 'use1-a',
      steps: { fence: 1, stage: 3, flip: 3, retire: 1 },
      writers: { 'enactor-a': 4, 'enactor-b': 3, janitor: 1 },
    });
    assert.equal(report.zones[0]?.fromStart, true);
    assert.deepEqual((await shown(cleanTrail().events, cleanLog(), 'whoever')).findings, []);
  },

  'the order of delivery does not matter within an hour, and what comes twice counts once': async () => {
    const { events } = cleanTrail();
    const together = events.map((event) => ({ ...event, at: BEGAN }));
    const twice = [...together.slice(1).reverse(), ...together];
    const report = await shown(twice);
    assert.deepEqual(codes(report), []);
    assert.equal(report.again, events.length - 1);
    const apart = [...events].reverse();
    assert.deepEqual(codes(await shown(apart)), []);
  },

  'the chain of fences is the order, whatever the times say': async () => {
    const { events } = cleanTrail();
    const skewed = events.map((event, index) => ({ ...event, at: event.at + (index % 3 === 1 ? 2_000 : 0) }));
    assert.deepEqual(codes(await shown(skewed)), []);
  },

  'a batch that the trail lacks is said, and nothing is guessed after it': async () => {
    const { events } = cleanTrail();
    const report = await shown(events.toSpliced(5, 1));
    assert.deepEqual(codes(report), ['trail-lacks']);
    assert.match(report.findings[0]?.what ?? '', /between its fence of seq 2 and the one of seq 3/);
  },

  'contents that the trail left out are said, and explain what is missing': async () => {
    const { events } = cleanTrail();
    const omitted = events.map((event, index) =>
      index === 4 ? { ...event, content: { type: 'omitted' as const, changeId: 'C5' } } : event,
    );
    assert.deepEqual(codes(await shown(omitted)), ['omitted']);
  },

  'what was left out with its zone casts doubt on every zone': async () => {
    const moved = { ...fleetDeclared(), zone: dnsName('other.test'), zoneId: 'Z2' };
    const { events } = cleanTrail();
    const omitted = events.map((event, index) =>
      index === 4 ? { ...event, zoneId: '', content: { type: 'omitted' as const, changeId: 'C5' } } : event,
    );
    const report = await shown([...omitted, ...omitted.slice(4, 5)], [...cleanLog(), moved]);
    assert.deepEqual(
      report.findings.map(({ code, zone }) => `${code} ${zone}`),
      ['omitted example.test', 'omitted other.test'],
    );
    assert.deepEqual([report.events, report.again, report.elsewhere], [events.length, 1, 0]);
  },

  'an event that comes more than an hour late is said': async () => {
    const author = trailAuthor();
    author.write({});
    author.hand([create(root(9))], BEGAN + 2 * 3_600_000);
    author.hand([remove(root(9))], BEGAN + 4 * 3_600_000);
    const late = author.hand([create(leaf(8))], BEGAN + 60_000);
    const report = await shown(author.events);
    assert.deepEqual(
      report.findings.filter(({ code }) => code === 'late').map(({ event }) => event),
      [late.id],
    );
  },

  'a hand is named with what it wrote, and Pawl is not blamed for what follows': async () => {
    const author = cleanTrail();
    const gone = [remove(leaf(3)), remove(leaf(3, 'api-2'))];
    const hand = author.hand(gone);
    const repair = author.write({ by: 'enactor-c' }, [create(leaf(3)), create(leaf(3, 'api-2'))]);
    const report = await shown(author.events);
    assert.deepEqual(new Set(codes(report)), new Set(['outside-fence', 'pointed', 'missing-answer']));
    assert.ok(
      report.findings.every(({ byHand, event, who }) => byHand && event === hand.id && who.endsWith('ana')),
    );
    const missing = report.findings.find(
      ({ code, what }) => code === 'missing-answer' && what.startsWith(API),
    );
    assert.deepEqual([missing?.at, missing?.until], [hand.at, repair.at]);
  },

  'a root that a hand deletes has no answer until it stands again, whatever stands there': async () => {
    const plain = { name: API, type: 'A', ttl: 60, values: ['192.0.2.9'] } as const;
    const author = cleanTrail();
    const first = author.hand([remove(root(3))]);
    const repair = author.write({ by: 'enactor-c' }, [create(root(3))]);
    const second = author.hand([remove(root(3))]);
    const instead = author.hand([create(plain)]);
    author.hand([remove(plain)]);
    const { findings } = await shown(author.events);
    assert.deepEqual(
      findings.flatMap(({ code, at, until, byHand }) =>
        code === 'missing-answer' ? [[at, until, byHand]] : [],
      ),
      [
        [first.at, repair.at, true],
        [second.at, instead.at, true],
      ],
    );
    assert.match(findings.find(({ code }) => code === 'missing-answer')?.what ?? '', /was deleted/);
  },

  'a root that a plan gives up is missed by nobody': async () => {
    const author = cleanTrail();
    author.write({ by: 'enactor-a' }, [remove(root(3))]);
    assert.ok(!codes(await shown(author.events)).includes('missing-answer'));
  },

  'a root that a hand deletes is missed until a plan is applied that has given its name up': async () => {
    const author = cleanTrail();
    const hand = author.hand([remove(root(3))]);
    author.stage(4);
    // The plan that is applied first has the name still: the enactor has not seen yet that its root is gone.
    author.write({ by: 'enactor-a' }, []);
    const last = author.write(
      { generation: generation(4), plan: shortDigest(digestOf(4)), by: 'enactor-b' },
      [],
    );
    const seqs = [author.fence().seq - 1, author.fence().seq];
    const { digest } = planApplied(3, 1);
    const kept = planApplied(3, seqs[0] ?? 0, { digest, reason: 'repair' });
    const given = planApplied(4, seqs[1] ?? 0, { endpoints: [dnsName('other.example.test')] });
    const { findings } = await shown(author.events, [...cleanLog(), planAppended(4), kept, given]);
    assert.deepEqual(
      findings.flatMap(({ code, at, until }) => (code === 'missing-answer' ? [[at, until]] : [])),
      [[hand.at, last.at]],
    );
  },

  'an answer that is still missing in the end has no end': async () => {
    const author = cleanTrail();
    author.hand([remove(leaf(3)), remove(leaf(3, 'api-2'))]);
    const report = await shown(author.events);
    assert.equal(report.findings.find(({ code }) => code === 'missing-answer')?.until, null);
  },

  'a janitor that takes what answers is named': async () => {
    const author = cleanTrail();
    const batch = author.retire(3);
    const report = await shown(author.events);
    assert.deepEqual(new Set(codes(report)), new Set(['pointed', 'missing-answer']));
    assert.ok(report.findings.every(({ byHand, event }) => !byHand && event === batch.id));
  },

  'what is from before the trail is not missed': async () => {
    const author = trailAuthor();
    author.write({ generation: generation(3), seq: seq(9) });
    author.write({ by: 'enactor-a' }, [remove(root(2)), create(root(3))]);
    author.hand([create({ ...leaf(3), setIdentifier: 'by-hand' })]);
    author.write({ by: 'enactor-a' }, [
      remove({ ...leaf(3), setIdentifier: 'by-hand' }),
      remove(leaf(3)),
      create(leaf(3)),
    ]);
    const report = await shown(author.events);
    assert.deepEqual(codes(report), ['outside-fence']);
    assert.equal(report.zones[0]?.fromStart, false);
  },

  'a fence that goes back is named': async () => {
    const author = cleanTrail();
    author.write({ generation: generation(2), by: 'enactor-a' });
    const report = await shown(author.events);
    assert.ok(codes(report).includes('fence'));
    assert.match(report.findings[0]?.what ?? '', /the fence went back from 3 to 2/);
  },

  'a seq that leaps is named, and not after a hand has set the fence back': async () => {
    const author = cleanTrail();
    author.write({ seq: seq(40), by: 'enactor-a' });
    assert.deepEqual(codes(await shown(author.events)), ['fence']);
    const forged = cleanTrail();
    const before = forged.fence();
    const [swap] =
      forged.write({ seq: seq(1), generation: generation(1), by: 'somebody' }).content.type === 'batch'
        ? [forged.events.pop()]
        : [];
    if (swap?.content.type !== 'batch') throw new Error('a batch was written');
    forged.hand(swap.content.changes);
    forged.write({ seq: seq(before.seq + 1), generation: generation(3), by: 'enactor-a' });
    assert.deepEqual(codes(await shown(forged.events)), ['outside-fence']);
  },

  'a value of the fence that returns is named': async () => {
    const author = cleanTrail();
    author.write({ nonce: 'n0000002', by: 'enactor-a' });
    assert.deepEqual(codes(await shown(author.events)), ['fence']);
  },

  'a plan that the log does not know is named': async () => {
    const author = cleanTrail();
    author.stage(4);
    author.flip(4, 3);
    // Its tree is of no plan either.
    assert.deepEqual(codes(await shown(author.events)), ['no-step', 'unknown-plan']);
    const held = planAppended(4, { disposition: 'held' });
    assert.deepEqual(codes(await shown(author.events, [...cleanLog(), held])), ['unknown-plan']);
    assert.deepEqual(codes(await shown(author.events, [...cleanLog(), planAppended(4)])), []);
  },

  'an event that the log lost is named once, and not where the log says so itself': async () => {
    const author = cleanTrail();
    const head = { number: 6, digits: 'abcabcabcabc' };
    author.write({ head, by: 'enactor-a' });
    author.write({ head, by: 'enactor-a' });
    const report = await shown(author.events);
    assert.deepEqual(codes(report), ['unknown-event']);
    assert.match(report.findings[0]?.what ?? '', /event 6 \(abcabcabcabc\), which the log does not have/);
    const said = { type: 'LogContradicted', number: 6, digits: 'abcabcabcabc', found: digitsOf(6) } as const;
    assert.deepEqual(codes(await shown(author.events, [...cleanLog(), said])), []);
    const known = cleanTrail();
    known.write({ head: { number: 6, digits: digitsOf(6) }, by: 'enactor-a' });
    assert.deepEqual(codes(await shown(known.events)), []);
  },

  'what the log says was applied and nobody wrote is named': async () => {
    const wrong = cleanLog().map((event) =>
      event.type === 'PlanApplied' && event.generation === 2 ? planApplied(3, flipSeq(2)) : event,
    );
    const report = await shown(cleanTrail().events, wrong);
    assert.deepEqual(codes(report), ['applied-unseen']);
    const { events } = cleanTrail();
    // Where the trail is not whole nobody can say it.
    assert.deepEqual(codes(await shown(events.toSpliced(5, 1), wrong)), ['trail-lacks']);
  },

  'a role that writes through a frozen fence is named, and a thaw is none': async () => {
    const author = cleanTrail();
    author.write({ frozen: true, by: 'operator-ana' });
    author.write({ frozen: true, by: 'enactor-a' });
    assert.deepEqual(codes(await shown(author.events)), ['frozen']);
    const thawed = cleanTrail();
    thawed.write({ frozen: true, by: 'operator-ana' });
    thawed.write({ frozen: false, by: 'operator-ben' });
    const report = await shown(thawed.events);
    assert.deepEqual(codes(report), []);
    assert.deepEqual(report.zones[0]?.cells[0]?.steps, {
      ...{ fence: 1, stage: 3, flip: 3, retire: 1 },
      ...{ freeze: 1, thaw: 1 },
    });
  },

  'a role that writes on a log that is frozen is named': async () => {
    const log = [...cleanLog(), { type: 'CellFrozen', reason: 'incident' } as const];
    const author = cleanTrail();
    author.write({ head: { number: 7, digits: digitsOf(7) }, by: 'enactor-a' });
    author.write({ head: { number: 8, digits: digitsOf(8) }, by: 'enactor-a' });
    assert.deepEqual(codes(await shown(author.events, log)), ['frozen']);
    const thawed = [...log, { type: 'CellThawed' } as const];
    author.events.pop();
    author.write({ head: { number: 9, digits: digitsOf(9) }, by: 'enactor-a' });
    assert.deepEqual(codes(await shown(author.events.toSpliced(-1, 0), thawed)), ['trail-lacks']);
  },

  'what no batch of Pawl’s may hold is named': async () => {
    const author = cleanTrail();
    author.write({ by: 'janitor' }, [remove(root(3)), create(root(2))]);
    assert.ok(codes(await shown(author.events)).includes('contents'));
    const upsert = cleanTrail();
    upsert.write({ by: 'enactor-a' }, [{ action: 'UPSERT', record: root(3) }]);
    assert.deepEqual(codes(await shown(upsert.events)), ['contents']);
  },

  'a sender of Pawl’s that goes past the fence is named as that': async () => {
    const author = cleanTrail();
    author.hand([remove(root(3)), create(root(2))]);
    const report = await shown(author.events, cleanLog(), ['pawl', 'arn:aws:iam::1:user/ana']);
    assert.deepEqual(codes(report).slice(0, 1), ['own-unfenced']);
    assert.ok(report.findings.every(({ byHand }) => !byHand));
  },

  'somebody else who goes through the fence is a hand, where it is said who is Pawl': async () => {
    const author = cleanTrail();
    const forged = author.write({ by: 'enactor-a' });
    const stolen = author.events.map((event) =>
      event === forged ? { ...event, who: { name: 'eve', names: ['eve'] } } : event,
    );
    assert.deepEqual(codes(await shown(stolen)), ['outside-fence']);
    assert.deepEqual(codes(await shown(stolen, cleanLog(), 'whoever')), []);
  },

  'a fence that is given to another ledger is named': async () => {
    const author = cleanTrail();
    author.write({ ledger: '0badc0de', by: 'operator-ana' });
    assert.ok(codes(await shown(author.events)).includes('other-ledger'));
  },

  'a retired tree that is made again is named': async () => {
    const author = cleanTrail();
    author.stage(1);
    assert.deepEqual(codes(await shown(author.events)), ['retired-again']);
  },

  'a tree that no plan of the log has is no step of the proof to stage': async () => {
    const author = cleanTrail();
    const batch = author.stage(4);
    const report = await shown(author.events);
    assert.deepEqual(
      report.findings.map(({ code, event, guards, byHand }) => [code, event, guards, byHand]),
      [['no-step', batch.id, ['makes-what-is-listed'], false]],
    );
    assert.match(
      report.findings[0]?.what ?? '',
      /^the batch is no "stage" of the proof: makes-what-is-listed does not hold \(What is created is of a plan/,
    );
    assert.deepEqual(codes(await shown(author.events, [...cleanLog(), planAppended(4)])), []);
    // A hand that has been there is an excuse, and it is one for this name alone.
    const handled = cleanTrail();
    handled.hand([create(leaf(4)), create(leaf(4, 'api-2'))]);
    handled.hand([remove(leaf(4)), remove(leaf(4, 'api-2'))]);
    handled.stage(4);
    handled.stage(5);
    const after = await shown(handled.events);
    assert.deepEqual(guardsIn(after), [['makes-what-is-listed']]);
    assert.equal(after.findings.at(-1)?.event, handled.events.at(-1)?.id);
  },

  'a tree that the log had retired before is no step of the proof to stage': async () => {
    const retired = { type: 'TreesRetired', trees: ['g000004.api'], fenceSeq: seq(4) } as const;
    const log = [...cleanLog(), planAppended(4), retired, planAppended(5)];
    const author = cleanTrail();
    // The fence before has events before the retirement: its reader may have read of the tree.
    author.write({ head: { number: 8, digits: digitsOf(8) }, by: 'enactor-a' });
    author.stage(4);
    assert.deepEqual(guardsIn(await shown(author.events, log)), []);
    const later = cleanTrail();
    later.write({ head: { number: 9, digits: digitsOf(9) }, by: 'enactor-a' });
    later.stage(4);
    assert.deepEqual(guardsIn(await shown(later.events, log)), [['makes-what-is-listed']]);
  },

  'a tree that the log lists still is no step of the proof to delete': async () => {
    const head = { number: 7, digits: digitsOf(7) };
    const retired = { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(4) } as const;
    const gone = [remove(leaf(1)), remove(leaf(1, 'api-2'))];
    const before = appliedTrail();
    const batch = before.write({ head, by: 'janitor' }, gone);
    for (const log of [cleanLog(), [...cleanLog(), drained('api-1'), retired]]) {
      const report = await shown(before.events, log);
      assert.deepEqual(guardsIn(report), [['drops-what-is-retired']]);
      assert.equal(report.findings[0]?.event, batch.id);
    }
    // What is retired is appended at exactly the head that the fence names.
    assert.deepEqual(codes(await shown(before.events, [...cleanLog(), retired])), []);
  },

  'a root that is pointed at a tree of another endpoint is no step of the proof': async () => {
    const author = cleanTrail();
    const web = dnsName('g000003.web.use1-a._pawl.example.test');
    const log = [...cleanLog(), planAppended(4, { newTrees: { web: 'g000003' } })];
    author.write({ seq: author.fence().seq, by: 'enactor-a' }, [create({ ...leaf(3), name: web })]);
    author.write({ by: 'enactor-a' }, [remove(root(3)), create(pointer(API, web))]);
    const report = await shown(author.events, log);
    assert.deepEqual(guardsIn(report), [['points-at-its-own']]);
  },

  'what is not Pawl’s is taken over by a step of the proof only where the log says so': async () => {
    const other = dnsName('web.example.test');
    const plain = { name: other, type: 'A', ttl: 60, values: ['198.51.100.1'] } as const;
    const web = dnsName('g000004.web.use1-a._pawl.example.test');
    const taken = (): ReturnType<typeof cleanTrail> => {
      const author = trailAuthor();
      author.say({ type: 'zone-made' });
      author.write({});
      author.write({ seq: author.fence().seq, by: 'enactor-a' }, [create({ ...leaf(4), name: web })]);
      return author;
    };
    const log = [...cleanLog(), planAppended(4, { newTrees: { web: 'g000004' } })];
    const flip = { generation: generation(4), plan: shortDigest(digestOf(4)), by: 'enactor-a' };
    const author = taken();
    // Nobody has touched the root before it was Pawl's.
    author.write(flip, [create(pointer(other, web))]);
    author.write({ by: 'operator-ana', frozen: true });
    author.write({ by: 'operator-ana', frozen: true }, [remove(pointer(other, web)), create(plain)]);
    author.write({ by: 'operator-ana', frozen: false });
    author.write({ by: 'enactor-a' }, [remove(plain), create(pointer(other, web))]);
    assert.deepEqual(guardsIn(await shown(author.events, log)), [['moves-its-own']]);
    const adopted = { type: 'EndpointAdopted', name: other, was: [] } as const;
    assert.deepEqual(guardsIn(await shown(author.events, [...log, adopted])), []);
  },

  'an offer that the log does not make is no step of the proof': async () => {
    const author = cleanTrail();
    const offer = offerRecord(
      { name: API, to: cellName('use1-b'), ledger: LEDGER },
      { cell: CELL, zone: ZONE, zoneId: 'Z1' },
    );
    author.write({ seq: author.fence().seq, by: 'enactor-a' }, [create(offer)]);
    assert.deepEqual(guardsIn(await shown(author.events)), [['offers-what-the-log-lets-go']]);
    const to = cellName('use1-b');
    const offered = { type: 'EndpointsOffered', names: [API], to, ledger: LEDGER } as const;
    assert.deepEqual(codes(await shown(author.events, [...cleanLog(), offered])), []);
    const ended = { type: 'OffersEnded', names: [API] } as const;
    author.write({ head: { number: 9, digits: digitsOf(9) }, by: 'enactor-a' }, [remove(offer)]);
    author.write({ seq: author.fence().seq, by: 'enactor-a' }, [create(offer)]);
    assert.ok(
      guardsIn(await shown(author.events, [...cleanLog(), offered, ended]))
        .flat()
        .includes('offers-what-the-log-lets-go'),
    );
  },

  'what stands at a tree is changed by no step of the proof, but after a hand': async () => {
    const author = cleanTrail();
    const changed = { ...leaf(3), values: ['198.51.100.7'] };
    author.write({ by: 'enactor-a' }, [remove(leaf(3)), create(changed)]);
    const report = await shown(author.events);
    assert.deepEqual(codes(report), ['no-step']);
    assert.match(report.findings[0]?.what ?? '', /it changes what stands at g000003[.]api[.]use1-a/);
    const handled = cleanTrail();
    handled.hand([remove(leaf(3)), create(changed)]);
    handled.write({ by: 'enactor-a' }, [remove(changed), create(leaf(3))]);
    assert.deepEqual(codes(await shown(handled.events)), ['outside-fence']);
    handled.write({ by: 'enactor-a' }, [remove(leaf(3)), create(changed)]);
    assert.deepEqual(codes(await shown(handled.events)), ['outside-fence', 'no-step']);
  },

  'records of others in a batch of Pawl’s are no step of the proof': async () => {
    const author = cleanTrail();
    const mail = dnsName('mail.example.test');
    author.write({ by: 'enactor-a' }, [create({ name: mail, type: 'MX', ttl: 60, values: ['10 mx.test'] })]);
    const report = await shown(author.events);
    assert.deepEqual(codes(report), ['no-step']);
    assert.match(report.findings[0]?.what ?? '', /it changes mail.example.test MX, which is not Pawl’s/);
  },

  'nothing is asked of what nobody knows': async () => {
    // From the middle on, and after a gap.
    const author = trailAuthor();
    author.write({ generation: generation(3), seq: seq(9) });
    const other = { ...leaf(3), values: ['198.51.100.7'] };
    author.write({ by: 'enactor-a' }, [remove(other), create(leaf(3))]);
    author.write({ by: 'enactor-a' }, [remove({ ...root(3), name: dnsName('web.example.test') })]);
    assert.deepEqual(guardsIn(await shown(author.events)), []);
  },

  'what depends on the order within a second is said to': async () => {
    const author = cleanTrail();
    const alias = pointer(dnsName('alias.example.test'), tree(2));
    author.write({ by: 'enactor-b' }, [remove(rollbackRoot(2))]);
    const retirement = author.retire(2);
    author.hand([create(alias)], retirement.at);
    const report = await shown(author.events);
    // In either order the alias has no answer in the end.
    assert.deepEqual(new Set(codes(report)), new Set(['order', 'missing-answer']));
    assert.ok(report.findings.every(({ byHand }) => byHand));
    const apart = author.events.map((event, index) => ({ ...event, at: BEGAN + index * 1_000 }));
    // A second later it is told: the alias was never answered.
    assert.deepEqual(codes(await shown(apart)), ['missing-answer']);
  },

  'a hand that fits into one place of a second is put there': async () => {
    const author = cleanTrail();
    const at = author.events.at(-1)?.at ?? 0;
    const [staged] = [
      author.write({ seq: author.fence().seq, by: 'enactor-a' }, [create(leaf(4))], at + 1_000),
    ];
    author.hand([remove(leaf(4))], staged.at);
    author.write({ by: 'enactor-a' }, [create(leaf(4))], staged.at);
    const { events } = author;
    const log = [...cleanLog(), planAppended(4)];
    const report = await shown([...events.slice(0, -3), ...events.slice(-3).reverse()], log);
    assert.deepEqual(codes(report), ['outside-fence']);
  },

  'records of others are left alone, and counted': async () => {
    const author = cleanTrail();
    author.hand([
      create({ name: dnsName('mail.example.test'), type: 'MX', ttl: 60, values: ['10 mx.example.org'] }),
    ]);
    author.events.push({ ...author.hand([create(root(1))]), id: 'elsewhere', zoneId: 'Z9' });
    author.events.splice(-2, 1);
    author.say({ type: 'refused' });
    const report = await shown(author.events);
    assert.deepEqual(codes(report), []);
    assert.deepEqual([report.zones[0]?.foreign, report.elsewhere, report.refused], [1, 1, 1]);
  },

  'a fresh fence in the place of a deleted one is no gap': async () => {
    const author = cleanTrail();
    const gone = author.fence();
    author.hand([
      remove({
        name: dnsName('fence.use1-a._pawl.example.test'),
        type: 'TXT',
        ttl: 5,
        values: [textOf(author)],
      }),
    ]);
    const fresh = author.write({ plan: NO_PLAN, seq: seq(gone.seq + 1), by: 'enactor-a' });
    if (fresh.content.type !== 'batch') throw new Error('a batch was written');
    author.events.pop();
    author.events.push({ ...fresh, content: { ...fresh.content, changes: fresh.content.changes.slice(1) } });
    assert.deepEqual(codes(await shown(author.events)), ['outside-fence']);
  },
} as const satisfies Readonly<Record<string, () => Promise<void>>>;

/** The text of the fence that the author's last batch left. */
function textOf({ events }: ReturnType<typeof trailAuthor>): string {
  for (const { content } of [...events].reverse()) {
    if (content.type !== 'batch') continue;
    const left = content.changes.find(({ action, record }) => action === 'CREATE' && record.type === 'TXT');
    if (left !== undefined) return left.record.values?.[0] ?? '';
  }
  throw new Error('no fence was written');
}
