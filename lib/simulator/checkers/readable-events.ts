import { invariant } from '../../plan/invariant.ts';
import type { Checker } from './zone-history.ts';

/**
 * Whoever is at work in a cell reads what is appended to it (docs/adr/0040-formats-of-what-is-stored.md). An event
 * needs no newer format than the cell's state had before it, except for the event that raises the format. The format
 * never goes down. Once it is raised, a release that does not know it appends nothing any more.
 */
export function readableEvents(): Checker {
  return {
    name: 'readable events',
    check: () => undefined,
    tampered: () => undefined,
    appended: ({ state }, head, { format, readableFrom, writerReads }) => {
      const event = head.last?.event;
      const what = event?.type ?? 'an event';
      const readBy = event?.type === 'FormatRaised' ? event.format : state.format;
      invariant(
        readableFrom <= readBy,
        `${what} was written in format ${format}, and the cell is read in format ${readBy}`,
      );
      invariant(
        head.state.format >= state.format,
        `the format of the cell went down from ${state.format} to ${head.state.format}`,
      );
      invariant(
        state.format <= writerReads,
        `${what} was appended to a cell of format ${state.format} by somebody who reads formats up to ${writerReads}`,
      );
    },
    clone: () => readableEvents(),
    key: () => '',
  };
}
