import type { Head } from '../../ledger/ledger.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CommitWatch } from '../checkers/commit-watch.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import { answerOf } from '../ports/port-call.ts';
import { newestReadBy } from '../ports/releases.ts';
import type { Environment } from './environment.ts';
import type { Sightings } from './sightings.ts';
import type { Scene } from './write-sightings.ts';
import { noteReleases, noteWrite } from './write-sightings.ts';

/** The surroundings in which a request takes effect. */
export interface Scenery extends Omit<Scene, 'before'> {
  readonly environment: Environment;
  readonly watch: CommitWatch;
  readonly sightings: Sightings;
}

/** Lets a request take effect, and checks its result against every rule. @throws InvariantViolated. */
export async function performCall(scenery: Scenery, call: PendingCall): Promise<Answer> {
  const { environment, watch, sightings } = scenery;
  if (call.effect !== 'write') return answerOf(call, environment);
  const { memory, scopes } = environment;
  const cell = call.expects?.type === 'event' ? call.expects.cell : environment.scope.cell;
  const head = memory.peek(cell);
  const writtenBefore = memory.written(cell);
  const before = environment.records();
  const answer = await answerOf(call, environment);
  noteWrite(sightings, { ...scenery, before }, call, answer);
  if (call.site === 'zone.change') watch.look(call.actor);
  // The checkers do not follow the logs of cells elsewhere.
  else if (isAppended(answer) && scopes.some((scope) => scope.cell === cell)) {
    const written = memory.written(cell);
    invariant(written !== undefined, 'an event was appended that nobody wrote');
    noteReleases(sightings, writtenBefore, written);
    watch.appended(head, answer.value.head, { ...written, writerReads: newestReadBy(call.release) });
  }
  return answer;
}

/** Whether a request is dead: its fence is gone, or its place in the log is taken, so that it can never take effect. */
export function isDead({ records, memory }: Environment, { expects }: PendingCall): boolean {
  if (expects === undefined) return false;
  if (expects.type === 'event') return memory.peek(expects.cell).number >= expects.number;
  const { fence } = expects;
  return !records().some(({ name, values }) => name === fence.name && values?.[0] === fence.values?.[0]);
}

function isAppended(
  answer: Answer,
): answer is { readonly type: 'value'; readonly value: { readonly type: 'appended'; readonly head: Head } } {
  if (answer.type !== 'value' || typeof answer.value !== 'object' || answer.value === null) return false;
  return 'type' in answer.value && answer.value.type === 'appended';
}
