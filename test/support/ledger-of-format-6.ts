import type { AppendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import type { Command } from '../../lib/ledger/decider/commands.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { FORMATS } from '../../lib/ledger/decider/formats.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Head } from '../../lib/ledger/ledger.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { seq } from '../../lib/plan/generation.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { keptTable, ledgerIn } from './kept-ledgers.ts';
import { copyCell } from './ledger-of-format-3.ts';

/** The release that first wrote format 6. */
export const RELEASE_0_6: Release = { formats: FORMATS.slice(0, 6), pawl: '0.6.0' };

/**
 * A ledger in format 6 with every type of event: the events and bodies of the kept ledger of 0.5.0, and in each cell
 * what only format 6 can hold.
 */
export async function ledgerOfFormat6(): Promise<AppendOnlyTable> {
  const older = await ledgerIn(keptTable('0.5.0'));
  const table = appendOnlyTable();
  const ledger = await ledgerIn(table, RELEASE_0_6);
  const cells = await older.cells();
  for (const [index, cell] of cells.entries()) {
    const head = await copyCell(older, ledger, cell, inFormat6);
    let at = head.last?.at ?? 0;
    const occasion = { at: () => (at += 1_000), by: 'enactor-a' };
    const other = cells[(index + 1) % cells.length] ?? cellName('other');
    for (const command of handoversOf(head, other, ledger.id)) {
      const outcome = await execute(ledger, cell, occasion, () => command);
      if (outcome.type !== 'appended')
        throw new Error(`${cell}: ${outcome.type} ${'reason' in outcome ? outcome.reason : ''}`);
    }
  }
  return table;
}

/**
 * Two names come over and one of them goes back; others are offered, one of which is withdrawn and two are kept; and one
 * is awaited in vain.
 */
function handoversOf({ state }: Head, other: CellName, ledger: string): readonly Command[] {
  const name = (label: string): DnsName => dnsName(`${label}.${state.fleet?.zone ?? ''}`);
  const [first, second, third, fourth] = [name('over-1'), name('over-2'), name('over-3'), name('over-4')];
  const names = [first, second, third];
  return [
    { type: 'AwaitEndpoints', names: [...names, fourth], from: other },
    { type: 'AwaitEndpoints', names: [fourth], from: null },
    { type: 'RecordTaken', names, from: other, fenceSeq: seq(901) },
    { type: 'OfferEndpoints', names, to: other, ledger },
    { type: 'RecordGiven', names: [first], to: other, fenceSeq: seq(902) },
    { type: 'WithdrawOffers', names: [second, third] },
    { type: 'EndOffers', names: [second] },
    { type: 'AwaitEndpoints', names: [fourth], from: other },
  ];
}

function inFormat6(event: LedgerEvent): LedgerEvent {
  return event.type === 'FormatRaised' ? { ...event, format: 6 } : event;
}
