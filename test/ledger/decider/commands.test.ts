import { describe, expect, it } from 'vitest';
import { COMMAND_OF, EVENT_OF, eventOf } from '../../../lib/ledger/decider/commands.ts';
import { EVENT_TYPES } from '../../../lib/ledger/decider/event-shape.ts';
import { asking, planApplied } from '../../support/ledger-events.ts';

describe('a command', () => {
  it('asks for one event, and every event has one that asks for it', () => {
    expect(Object.values(EVENT_OF).sort()).toEqual([...EVENT_TYPES].sort());
    for (const [command, event] of Object.entries(EVENT_OF)) expect(COMMAND_OF[event]).toBe(command);
  });

  it('is named as an order', () => {
    for (const command of Object.keys(EVENT_OF))
      expect(command).toMatch(
        /^(Declare|Record|Report|Drain|Restore|Evacuate|Append|Approve|Reject|Retire|CatchUp|Pause|Resume|Freeze|Thaw|Adopt|Raise|Keep|Retry|Offer|Withdraw|End|Await)[A-Z]/,
      );
  });

  it('comes to its event with all that it carries, the type first as it is stored', () => {
    const event = planApplied(3, 4);
    expect(eventOf(asking(event))).toEqual(event);
    expect(JSON.stringify(eventOf(asking(event)))).toBe(JSON.stringify(event));
  });
});
