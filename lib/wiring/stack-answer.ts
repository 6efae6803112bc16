import { z } from 'zod';
import type { Clock } from '../runtime/clock.ts';

/**
 * What CloudFormation sends to the function of a custom resource (CloudFormation User Guide, "Custom resource request
 * objects"). Whoever has the URL can answer in the function's place, so it is a function here, which no log prints.
 */
export const stackRequest = z.object({
  RequestType: z.string(),
  ResponseURL: z.url().transform((url) => () => url),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
});
export type StackRequest = z.infer<typeof stackRequest>;

export interface StackAnswer {
  readonly status: 'SUCCESS' | 'FAILED';
  /** Why; what a person finds in the events of the stack, and in the attribute `Said`. */
  readonly says: string;
}

/** A response has at most 4,096 bytes, with all of its fields (same guide, "Custom resource response objects"). */
const SAYS_MAX = 800;
const TRIES = 4;
const RETRY_MS = 2_000;
const TIMEOUT_MS = 10_000;

/**
 * Answers CloudFormation, which waits until somebody does.
 *
 * @throws Error when the answer could not be delivered in several tries: then Lambda runs the function once more.
 */
export async function answerStack(
  request: StackRequest,
  { status, says }: StackAnswer,
  { clock, put }: { readonly clock: Clock; readonly put: typeof fetch },
): Promise<void> {
  const said = bounded(says);
  const body = new TextEncoder().encode(
    JSON.stringify({
      Status: status,
      Reason: said,
      // Never another one: a resource with another id is made anew, and the one before it is deleted.
      PhysicalResourceId: request.PhysicalResourceId ?? request.LogicalResourceId,
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: request.LogicalResourceId,
      Data: { Said: said },
    }),
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The signature of the URL is for no content type.
      const answer = await put(request.ResponseURL(), {
        method: 'PUT',
        headers: { 'content-type': '' },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.ok) return;
      throw new Error(`status ${answer.status}`);
    } catch (cause) {
      if (attempt < TRIES) {
        await clock.sleep(RETRY_MS * attempt);
        continue;
      }
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`CloudFormation did not take the answer ${status} (${why}): ${said}`, { cause });
    }
  }
}

/** In one line of plain ASCII, so that its characters are its bytes. */
function bounded(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]+/g, ' ');
  return plain.length <= SAYS_MAX ? plain : `${plain.slice(0, SAYS_MAX - 3)}...`;
}
