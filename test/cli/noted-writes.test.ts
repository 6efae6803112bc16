import { describe, expect, it } from 'vitest';
import { noteWrites } from '../../lib/cli/noted-writes.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { formatFence } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { World } from '../../lib/wiring/world.ts';
import type { Batch, ChangeOutcome, Zone } from '../../lib/zone/zone.ts';

const CELL = cellName('use1-a');
const NAME = dnsName('fence.use1-a._pawl.example.test');
const LEDGER = '5be1c07a';
const UNKNOWN = { type: 'unknown', reason: 'an answer was lost' } as const;
const ACCEPTED = { type: 'accepted', changeId: 'C1' } as const;
const entry = { event: { type: 'CellFrozen', reason: 'looking' }, at: 5, by: 'ana' } as const;

function fence(nonce: string, at = 7): RecordSet {
  const value: Fence = {
    generation: generation(4),
    seq: seq(at),
    plan: 'ab'.repeat(6),
    frozen: true,
    ledger: LEDGER,
    by: 'ana',
    nonce,
  };
  return { name: NAME, type: 'TXT', ttl: 5, values: [formatFence(value)] };
}

/** A batch that replaces one fence by another one. */
function batch(from: string, to: string): Batch {
  return { kind: 'freeze', comment: `pawl ${to}`, changes: [remove(fence(from)), create(fence(to))] };
}

/** A zone that gives these answers in turn, and whose fence is this. */
function noted(answers: readonly ChangeOutcome[], standing = 'standing') {
  const writes = noteWrites();
  const left = [...answers];
  const zone: Pick<Zone, 'id' | 'change' | 'listRecords'> = {
    id: 'Z1',
    change: async () => left.shift() ?? ACCEPTED,
    listRecords: async () => ({ records: [fence(standing)] }),
  };
  const ledger = memoryLedger(LEDGER);
  const world = writes.world({ zone: () => zone, ledger: async () => ledger } as unknown as World);
  return { writes, world, zone: world.zone('Z1'), ledger };
}

describe('the record of what a command has written', () => {
  it('has what was taken, and what may have been, with the reason', async () => {
    const { writes, zone } = noted([ACCEPTED, UNKNOWN]);
    await zone.change(batch('aaaaaaaa', 'bbbbbbbb'));
    await zone.change(batch('bbbbbbbb', 'cccccccc'));
    expect(writes.done()).toEqual(['Route 53 took the batch "pawl bbbbbbbb" (fence seq 7, frozen)']);
    expect(writes.doubtful()).toEqual([
      {
        asked: 'Route 53 took the batch "pawl cccccccc" (fence seq 7, frozen)',
        reason: 'an answer was lost',
      },
    ]);
  });

  it('has nothing of what was refused', async () => {
    const { writes, zone } = noted([{ type: 'rejected', reason: 'no' }]);
    await zone.change(batch('aaaaaaaa', 'bbbbbbbb'));
    expect([writes.done(), writes.doubtful()]).toEqual([[], []]);
  });

  it('knows that a doubtful batch was taken when its nonce is read back', async () => {
    const { writes, zone, world } = noted([UNKNOWN], 'bbbbbbbb');
    await zone.change(batch('aaaaaaaa', 'bbbbbbbb'));
    await world.zone('Z1').listRecords({ name: NAME }, 20);
    expect(writes.done()).toHaveLength(1);
    expect(writes.doubtful()).toEqual([]);
  });

  it('does not take the fence that a doubtful batch asserts for a sign of it', async () => {
    const { writes, zone } = noted([UNKNOWN], 'aaaaaaaa');
    await zone.change(batch('aaaaaaaa', 'aaaaaaaa'));
    await zone.listRecords({ name: NAME }, 20);
    expect(writes.doubtful()).toHaveLength(1);
  });

  it('settles a doubt by a later batch that moved the fence, and not by one that asserted it', async () => {
    const { writes, zone } = noted([UNKNOWN]);
    await zone.change(batch('aaaaaaaa', 'bbbbbbbb'));
    await zone.change(batch('aaaaaaaa', 'aaaaaaaa'));
    expect(writes.doubtful()).toHaveLength(1);
    await zone.change(batch('aaaaaaaa', 'cccccccc'));
    expect(writes.doubtful()).toEqual([]);
  });

  it('knows that a doubtful event was appended when it is the newest', async () => {
    const { writes, world, ledger } = noted([]);
    const port = await world.ledger();
    const head = await port.head(CELL);
    const append = ledger.append;
    Object.assign(ledger, {
      append: async (...request: Parameters<typeof append>) => {
        await append(...request);
        return UNKNOWN;
      },
    });
    await (await world.ledger()).append(head, entry);
    expect(writes.doubtful().map(({ asked }) => asked)).toEqual(['CellFrozen is in the log of use1-a']);
    await port.head(CELL);
    expect(writes.doubtful()).toEqual([]);
    expect(writes.done()).toEqual(['CellFrozen is event 1 of use1-a']);
  });

  it('has an event that was appended, and none that lost its place', async () => {
    const { writes, world } = noted([]);
    const port = await world.ledger();
    const head = await port.head(CELL);
    await port.append(head, entry);
    await port.append(head, { ...entry, by: 'bo' });
    expect(writes.done()).toEqual(['CellFrozen is event 1 of use1-a']);
  });
});
