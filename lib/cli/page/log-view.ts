import { knownCell } from '../command/cells.ts';
import { BadInput } from '../command/failures.ts';
import { newestEvents } from '../look/newest-log.ts';
import { eventDocument } from './fleet-view.ts';
import type { PageWorld } from './page-world.ts';

/** Events that are read at once. */
const EVENTS = 50;

/** The events of a cell before one of its events, oldest first. */
export async function logView(world: PageWorld, [text, before]: readonly [string, string]) {
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  if (!/^[1-9]\d{0,14}$/.test(before)) throw new BadInput('An event has a number, such as 145.');
  const number = Math.min(Number(before) - 1, head.number);
  const { events, unreadable } = await newestEvents(ledger, { ...head, number }, { limit: EVENTS });
  return {
    cell: head.cell,
    events: events.map(eventDocument),
    unreadable: unreadable.map(({ says }) => says),
  };
}
