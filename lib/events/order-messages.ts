import type { HandoverEvent, LedgerEvent, OrderEvent } from '../ledger/decider/events.ts';
import { looserThan } from '../ledger/decider/loosening.ts';
import { shortDigest } from '../plan/plan.ts';
import type { LooserField } from '../plan/stricter-policy.ts';
import { looseningDigest, looseningText } from '../plan/stricter-policy.ts';
import type { Message } from './message.ts';
import { message } from './message.ts';
import { carried, fewOf, withReason } from './told-words.ts';

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { readonly type: Type }>;

/** What a person takes out of the endpoints, or brings back. */
export function orderMessage(event: OrderEvent, cell: string): Message {
  const of = { generation: null, next: `pawl status ${cell}` };
  switch (event.type) {
    case 'TargetDrained': {
      const { target, reason } = event;
      const summary = `Target ${target} of cell ${cell} is drained${withReason(reason)}.`;
      return message('TargetDrained', { ...of, summary, fields: { target, reason: carried(reason) } });
    }
    case 'TargetRestored': {
      const summary = `Target ${event.target} of cell ${cell} may come back.`;
      return message('TargetRestored', { ...of, summary, fields: { target: event.target } });
    }
    case 'AzEvacuated': {
      const { az, reason } = event;
      const summary = `Availability zone ${az} is evacuated in cell ${cell}${withReason(reason)}.`;
      return message('AzEvacuated', { ...of, summary, fields: { az, reason: carried(reason) } });
    }
    case 'AzRestored': {
      const summary = `Availability zone ${event.az} may come back in cell ${cell}.`;
      return message('AzRestored', { ...of, summary, fields: { az: event.az } });
    }
    case 'BranchEvacuated': {
      const { branch, reason } = event;
      const summary = `Branch ${branch} is evacuated in cell ${cell}${withReason(reason)}.`;
      return message('BranchEvacuated', { ...of, summary, fields: { branch, reason: carried(reason) } });
    }
    case 'BranchRestored': {
      const summary = `Branch ${event.branch} may come back in cell ${cell}.`;
      return message('BranchRestored', { ...of, summary, fields: { branch: event.branch } });
    }
  }
}

/** An endpoint that goes over from one cell to another. */
export function handoverMessage(event: HandoverEvent, cell: string): Message {
  const names = [...event.names];
  const who = fewOf(names);
  const of = { generation: null, next: `pawl status ${cell}` };
  switch (event.type) {
    case 'EndpointsOffered': {
      const summary = `Cell ${cell} offers ${who} to cell ${event.to}.`;
      return message('EndpointsOffered', { ...of, summary, fields: { names, other: event.to } });
    }
    case 'OffersWithdrawn':
      return message('OffersWithdrawn', {
        ...of,
        summary: `Cell ${cell} takes its offer of ${who} back.`,
        fields: { names },
      });
    case 'OffersEnded':
      return message('OffersEnded', {
        ...of,
        summary: `No offer of ${who} stands any more: cell ${cell} keeps them.`,
        fields: { names },
      });
    case 'EndpointsGiven': {
      const summary = `Cell ${event.to} has taken ${who} over from cell ${cell}.`;
      return message('EndpointsGiven', { ...of, summary, fields: { names, other: event.to } });
    }
    case 'EndpointsAwaited': {
      const summary =
        event.from === null
          ? `Cell ${cell} no longer awaits ${who}.`
          : `Cell ${cell} awaits ${who} from cell ${event.from}.`;
      return message('EndpointsAwaited', { ...of, summary, fields: { names, other: event.from } });
    }
    case 'EndpointsTaken': {
      const summary = `Cell ${cell} has taken ${who} over from cell ${event.from}.`;
      return message('EndpointsTaken', { ...of, summary, fields: { names, other: event.from } });
    }
  }
}

/** A fleet was declared, and its policy may wait for a person. */
export function fleetDeclared(event: Of<'FleetDeclared'>, cell: string): Message {
  const { endpoints, targets } = event;
  const fields = { digest: shortDigest(event.digest), endpoints, targets };
  const looser = looserThan(event);
  const declared = `A fleet of ${endpoints} endpoints and ${targets} targets was declared for cell ${cell}`;
  if (looser.length === 0)
    return message('FleetDeclared', {
      generation: null,
      summary: `${declared}.`,
      next: `pawl status ${cell}`,
      fields,
    });
  return message('LooseningHeld', {
    generation: null,
    summary: `${declared}; its looser policy waits for an approval (${looseningText(looser)}).`,
    next: `pawl plan approve ${cell} policy --digest ${looseningDigest(looser)}`,
    fields: { ...fields, looser: looserTexts(looser) },
  });
}

export function looseningDecided(
  event: Of<'LooseningApproved'> | Of<'LooseningRejected'>,
  cell: string,
): Message {
  const fields = looserThan(event);
  const looser = looserTexts(fields);
  const what = `The looser policy of cell ${cell} (${looseningText(fields)})`;
  const of = { generation: null, next: `pawl status ${cell}` };
  switch (event.type) {
    case 'LooseningApproved':
      return message('LooseningApproved', { ...of, summary: `${what} was approved.`, fields: { looser } });
    case 'LooseningRejected':
      return message('LooseningRejected', {
        ...of,
        summary: `${what} was rejected${withReason(event.reason)}.`,
        fields: { looser, reason: carried(event.reason) },
      });
  }
}

function looserTexts(fields: readonly LooserField[]): string[] {
  return fields.map((field) => looseningText([field]));
}
