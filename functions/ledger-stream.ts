import { z } from 'zod';

const text = z.object({ S: z.string() });

/** A batch of the ledger's stream: the fields that the functions read. */
export const streamEvent = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        Keys: z.object({ pk: text, sk: text }),
        NewImage: z.object({ type: text.optional() }).optional(),
      }),
    }),
  ),
});
