import type { Answer, Backends, PendingCall, Suspend } from './port-call.ts';

type Call = Omit<PendingCall, 'actor'>;

/** The site of {@link awaitMessage}. */
export const RECEIVE_SITE = 'queue.receive';
/** The answer where a message is there. Answers are texts, by which a search tells them apart. */
export const DELIVERED = 'delivered';
const NOTHING = 'nothing';

// These functions stand outside of the port, so that a call that a search keeps does not hold the workflow that made it.

/** The queue as an enactor asks it for a successor. It suspends before it takes a message. */
export function suspendingSuccessor(suspend: Suspend): { ask(): Promise<void> } {
  return {
    ask: async () => {
      await suspend(ask());
    },
  };
}

/** Suspends until a message is delivered. False: none came, and none will. */
export async function awaitMessage(suspend: Suspend): Promise<boolean> {
  return (await suspend(receive())) === DELIVERED;
}

function ask(): Call {
  return {
    site: 'successor.ask',
    detail: '',
    effect: 'write',
    perform: async ({ mailbox }) => mailbox.put(),
    unanswered: queueSilent,
    refused: queueSilent,
  };
}

function receive(): Call {
  return {
    site: RECEIVE_SITE,
    detail: '',
    effect: 'read',
    isReady: hasMessage,
    perform: async ({ mailbox }) => (mailbox.holdsMessage() ? DELIVERED : NOTHING),
    unanswered: nothingCame,
    refused: nothingCame,
  };
}

function hasMessage({ mailbox }: Backends): boolean {
  return mailbox.holdsMessage();
}

function queueSilent(): Answer {
  return { type: 'error', error: new Error('no answer came from the queue') };
}

function nothingCame(): Answer {
  return { type: 'value', value: NOTHING };
}
