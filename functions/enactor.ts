import { z } from 'zod';
import { enactorRuns } from '../lib/wiring/run-enactor.ts';
import { successorMessage } from '../lib/wiring/successor-queue.ts';
import { cellEvent, functionTools, handlerOf } from './middleware.ts';
import { cellRuns } from './role-handler.ts';

/** One message of the queue of successors; the stack hands over one at a time. */
const queued = z.object({ Records: z.tuple([z.object({ body: z.string() })]) });

const enactorEvent = cellEvent.extend({ mode: z.enum(['hint', 'sweep', 'follow']) });

const tools = functionTools();

/** Brings a cell to its goal: in a sweep, at a hint, or as the successor of an enactor that did not stand by. */
export const handler = handlerOf(tools, enactorEvent, cellRuns(tools, enactorRuns), eventOf);

/** A message says of which cell it is and when it was due; nothing else of it counts. */
function eventOf(raw: unknown): unknown {
  const message = queued.safeParse(raw);
  if (!message.success) return raw;
  const parsed = successorMessage.safeParse(parsedJson(message.data.Records[0].body));
  return parsed.success ? { ...parsed.data, mode: 'follow' } : raw;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
