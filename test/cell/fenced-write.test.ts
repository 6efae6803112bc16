import { describe, expect, it } from 'vitest';
import { readFence } from '../../lib/cell/fence-reader.ts';
import { fencedWrite } from '../../lib/cell/fenced-write.ts';
import type { NextFence } from '../../lib/cell/next-fence.ts';
import { passedFence } from '../../lib/cell/next-fence.ts';
import type { FenceReading } from '../../lib/plan/fence.ts';
import { NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { offerRecord } from '../../lib/plan/offers.ts';
import { fenceName, treeName } from '../../lib/plan/owned-names.ts';
import { aliasTo } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { GivenWriter } from './given-writer.ts';
import { givenWriter } from './given-writer.ts';

const FIRST: NextFence = {
  generation: generation(1),
  seq: seq(1),
  plan: NO_PLAN,
  frozen: false,
  ledger: '5be1c07a',
};

const leaf = ({ scope }: GivenWriter, value = '192.0.2.1'): RecordSet => ({
  name: treeName('g000001', dnsName('api.example.test'), scope),
  type: 'A',
  setIdentifier: 't1',
  weight: 1,
  ttl: 60,
  values: [value],
});

const fenceOf = ({ writer, scope }: GivenWriter) => readFence(writer.zone, scope);

/** Makes the first fence, and reads it. */
async function fenced(given: GivenWriter): Promise<FenceReading> {
  const reading = await fenceOf(given);
  const outcome = await fencedWrite(given.writer, {
    kind: 'fence',
    reading,
    next: FIRST,
    changes: [],
    comment: 'first',
  });
  expect(outcome.type).toBe('applied');
  return fenceOf(given);
}

describe('the fence', () => {
  it('is missing in a new zone, and read in one request with whatever else stands at its name', async () => {
    const given = givenWriter();
    expect(await fenceOf(given)).toEqual({ type: 'missing', records: [] });
    given.core.change(create({ name: fenceName(given.scope), type: 'A', ttl: 5, values: ['192.0.2.1'] }));
    given.core.change(create({ name: fenceName(given.scope), type: 'TXT', ttl: 5, values: ['"x"'] }));
    const reading = await fenceOf(given);
    expect(reading.type).toBe('malformed');
    expect(reading.records.map(({ type }) => type)).toEqual(['A', 'TXT']);
  });
});

describe('a fenced write', () => {
  it('begins with the exact fence that was read and the next one, then holds the changes in their order', async () => {
    const given = givenWriter();
    const reading = await fenced(given);
    const outcome = await fencedWrite(given.writer, {
      kind: 'stage',
      reading,
      next: FIRST,
      changes: [create(leaf(given))],
      comment: 'stage',
    });
    expect(outcome).toMatchObject({ type: 'applied', fence: { generation: 1, seq: 1, by: 'enactor-a' } });
    const [before] = reading.records;
    const [after] = (await fenceOf(given)).records;
    if (before === undefined || after === undefined) throw new Error('there is no fence');
    expect(given.sent.at(-1)).toEqual({
      kind: 'stage',
      changes: [remove(before), create(after), create(leaf(given))],
      comment: 'stage',
    });
    expect(after).not.toEqual(before);
  });

  it('gives every advance a nonce of its own and the name of its writer', async () => {
    const given = givenWriter();
    const reading = await fenced(given);
    const next = { ...FIRST, seq: seq(2) };
    const changes = [create(leaf(given))];
    const outcome = await fencedWrite(given.writer, {
      kind: 'repair',
      reading,
      next,
      changes,
      comment: 'repair',
    });
    expect(outcome).toMatchObject({
      type: 'applied',
      fence: { ...next, by: 'enactor-a', nonce: 'n0000002' },
    });
    expect(await fenceOf(given)).toMatchObject({ type: 'fence', fence: { seq: 2, nonce: 'n0000002' } });
  });

  it('loses as a whole when the fence moved since it was read', async () => {
    const given = givenWriter();
    const stale = await fenced(given);
    await fencedWrite(given.writer, {
      kind: 'repair',
      reading: stale,
      next: { ...FIRST, seq: seq(2) },
      changes: [],
      comment: '',
    });
    const before = given.core.names();
    const lost = await fencedWrite(given.writer, {
      kind: 'stage',
      reading: stale,
      next: FIRST,
      changes: [create(leaf(given))],
      comment: '',
    });
    expect(lost).toMatchObject({ type: 'lost', reason: expect.stringContaining('InvalidChangeBatch') });
    expect(given.core.names()).toEqual(before);
  });

  it('loses as a whole when a record of it is not as it was read, the fence included', async () => {
    const given = givenWriter();
    const reading = await fenced(given);
    given.core.change(create(leaf(given, '192.0.2.9')));
    const changes = [remove(leaf(given)), create(leaf(given))];
    const lost = await fencedWrite(given.writer, {
      kind: 'repair',
      reading,
      next: { ...FIRST, seq: seq(2) },
      changes,
      comment: '',
    });
    expect(lost.type).toBe('lost');
    expect(await fenceOf(given)).toEqual(reading);
  });

  it('does not know what became of a batch without an answer, and sends it once', async () => {
    const known = givenWriter();
    const reading = await fenced(known);
    const given = givenWriter(async () => ({ type: 'unknown', reason: 'timed out' }));
    // Both writers count their nonces from 1, and the fence that stands has the first.
    given.writer.randomness.nonce();
    const outcome = await fencedWrite(given.writer, {
      kind: 'stage',
      reading,
      next: FIRST,
      changes: [create(leaf(given))],
      comment: '',
    });
    expect(outcome).toEqual({ type: 'unknown', reason: 'timed out' });
    expect(given.sent).toHaveLength(1);
  });

  it('sends nothing that its kind or its role may not, and nothing without a fence that was read', async () => {
    const given = givenWriter();
    const reading = await fenced(given);
    const sent = given.sent.length;
    const foreign = create({ name: dnsName('www.example.test'), type: 'A', ttl: 60, values: ['192.0.2.1'] });
    const stage = { kind: 'stage' as const, next: FIRST, comment: '' };
    await expect(fencedWrite(given.writer, { ...stage, reading, changes: [foreign] })).rejects.toThrow(
      InvariantViolated,
    );
    const janitor = { ...given.writer, role: 'janitor' as const };
    await expect(fencedWrite(janitor, { ...stage, reading, changes: [] })).rejects.toThrow(
      /may not send a stage batch/,
    );
    const missing = { type: 'missing' as const, records: [] as const };
    await expect(fencedWrite(given.writer, { ...stage, reading: missing, changes: [] })).rejects.toThrow(
      'a stage batch must delete the exact fence that was read',
    );
    expect(given.sent).toHaveLength(sent);
  });
});

describe('a fenced write that takes an endpoint from another cell', () => {
  const api = dnsName('api.example.test');

  /** The own cell and another one, each with a fence; the other one has the root, and offers it. */
  async function twoCells() {
    const given = givenWriter();
    const giver = { ...given.scope, cell: cellName('euw1-a') };
    const theirs: GivenWriter = {
      ...given,
      scope: giver,
      writer: { ...given.writer, scope: giver, name: 'enactor-c' },
    };
    const [own, beside] = [await fenced(given), await fenced(theirs)];
    if (beside.type !== 'fence') throw new Error('there is no fence');
    const root = (scope: typeof giver) => aliasTo(api, 'A', treeName('g000001', api, scope), scope);
    const offer = offerRecord({ name: api, to: given.scope.cell, ledger: FIRST.ledger }, giver);
    given.core.change(...[leaf(theirs), leaf(given), root(giver), offer].map(create));
    const write = () =>
      fencedWrite(given.writer, {
        ...{ kind: 'handover', reading: own, next: { ...FIRST, seq: seq(2) }, comment: 'take' },
        beside: { scope: giver, reading: beside, next: passedFence(beside.fence) },
        changes: [remove(root(giver)), remove(offer), create(root(given.scope))],
      });
    return { given, theirs, root, write };
  }

  it('compares both fences and advances both, each with a nonce of its own', async () => {
    const { given, theirs, write } = await twoCells();
    const outcome = await write();
    expect(outcome).toMatchObject({ type: 'applied', fence: { seq: 2, by: 'enactor-a' } });
    const passed = await fenceOf(theirs);
    expect(passed).toMatchObject({ type: 'fence', fence: { ...FIRST, seq: 2, by: 'enactor-a' } });
    const own = await fenceOf(given);
    if (own.type !== 'fence' || passed.type !== 'fence') throw new Error('a fence is gone');
    expect(own.fence.nonce).not.toBe(passed.fence.nonce);
  });

  it('loses as a whole when either fence has moved', async () => {
    for (const mover of ['given', 'theirs'] as const) {
      const cells = await twoCells();
      const { writer } = cells[mover];
      const reading = await fenceOf(cells[mover]);
      const next = { ...FIRST, seq: seq(2) };
      expect(
        (await fencedWrite(writer, { kind: 'repair', reading, next, changes: [], comment: '' })).type,
      ).toBe('applied');
      expect((await cells.write()).type).toBe('lost');
      const records = cells.given.core.core.records(cells.given.core.zoneId);
      expect(records).toContainEqual(cells.root(cells.theirs.scope));
    }
  });
});
