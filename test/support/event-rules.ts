import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { toldEvent } from '../../lib/events/told-event.ts';
import { TOLD, UNTOLD } from '../../lib/events/told-kinds.ts';
import { signatureOf } from '../../lib/events/webhook-signature.ts';
import { EVENT_TYPES } from '../../lib/ledger/decider/event-shape.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { cellName } from '../../lib/plan/names.ts';
import { announce } from '../../lib/wiring/announce.ts';
import { tellBus } from '../../lib/wiring/event-bus.ts';
import { ALL_SAMPLES } from '../events/sample-events.ts';

// The rules of telling, as the seeded bugs of test/mutants/event-mutants.test.ts are held against them.

function told(event: LedgerEvent, number = 7) {
  const recorded = { cell: cellName('use1-a'), number, at: 1, by: 'enactor-a', previous: '', hash: '' };
  return toldEvent({ ...recorded, event }, { stack: 'pawl', zone: null });
}

/** The bus takes every second event at its first offer, and says what it was offered, request by request. */
async function offers(): Promise<{
  readonly requests: readonly (readonly number[])[];
  readonly untaken: number;
}> {
  const requests: number[][] = [];
  const client: Parameters<typeof tellBus>[0]['client'] = {
    send: async (command: unknown) => {
      if (!(command instanceof PutEventsCommand)) throw new TypeError('another command');
      const numbers = (command.input.Entries ?? []).map(({ Detail = '' }) =>
        Number(JSON.parse(Detail).event),
      );
      requests.push(numbers);
      const isFirst = requests.length === 1;
      return {
        Entries: numbers.map((number) =>
          isFirst && number % 2 === 0 ? { ErrorCode: 'InternalFailure' } : { EventId: 'e' },
        ),
      };
    },
  };
  const events = [1, 2, 3, 4].flatMap((number) => told({ type: 'CellThawed' }, number) ?? []);
  const untaken = await tellBus({ bus: 'default', client, clock: { sleep: async () => undefined } })(events);
  return { requests, untaken: untaken.length };
}

/** What is done, in its order, where keeping the anchors fails. */
async function orderOfSteps(): Promise<string> {
  const done: string[] = [];
  const step = async (name: string): Promise<void> => {
    await Promise.resolve();
    done.push(name);
  };
  await announce({
    wake: async () => {
      await step('wake');
      return { asked: 1, failures: [] };
    },
    keep: async () => {
      await step('keep');
      throw new Error('the bucket is away');
    },
    tell: async () => {
      await step('tell');
      return [];
    },
  }).catch(() => undefined);
  return done.join(' ');
}

/** Every rule that is broken, as a sentence. */
export async function brokenEventRules(): Promise<readonly string[]> {
  const broken: string[] = [];
  const order = await orderOfSteps();
  if (order !== 'wake keep tell') broken.push(`news are handed on in the order ${order}`);
  const { requests, untaken } = await offers();
  if (JSON.stringify(requests) !== '[[1,2,3,4],[2,4]]')
    broken.push(`the bus was offered ${JSON.stringify(requests)}`);
  if (untaken > 0) broken.push(`${untaken} are said not to be taken`);
  const first = told({ type: 'CellThawed' })?.detail.id;
  await new Promise((resolve) => setTimeout(resolve, 2));
  if (first !== told({ type: 'CellThawed' })?.detail.id) broken.push('an id differs between two attempts');
  if (first === told({ type: 'CellThawed' }, 8)?.detail.id) broken.push('two events have one id');
  const macOf = (atS: number) => signatureOf('{}', 'secret', atS).split('v1=')[1];
  if (macOf(1) === macOf(2)) broken.push('the signature does not cover the time');
  const known = new Set<string>([...Object.values(TOLD).map(({ of }) => of), ...Object.keys(UNTOLD)]);
  for (const type of EVENT_TYPES) if (!known.has(type)) broken.push(`${type} is forgotten in the table`);
  const kinds = new Set<string>(ALL_SAMPLES.flatMap((event) => told(event)?.['detail-type'] ?? []));
  for (const kind of Object.keys(TOLD)) if (!kinds.has(kind)) broken.push(`${kind} is never told`);
  return broken;
}
