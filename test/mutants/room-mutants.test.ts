// @module-tag slow
import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { RoomMutantWork } from './room-mutant-worker.ts';

const CELLS = 12;
const RETENTION = 'janitor/retention.ts';
const SEE_TO_ROOM = 'enactor/see-to-room.ts';
const LIMIT_REACHED = 'enactor/limit-reached.ts';
const KNOWN_ROOM = 'cell/known-room.ts';

/** Bugs in who yields to whom in a zone with little room. The crowded cells must find each of them. */
const MUTANTS: readonly (Replacement & { readonly name: string })[] = [
  {
    name: 'retained trees that yield to nothing',
    file: RETENTION,
    find: 'kept >= 0 && !makesRoom(retirable, input)',
    put: 'kept >= retained.length && !makesRoom(retirable, input)',
  },
  {
    name: 'no room made before it is needed',
    file: RETENTION,
    find: 'standing - freed + Math.max(ofAll, lacking)',
    put: 'standing - freed + Math.min(ofAll, lacking)',
  },
  {
    name: 'retained trees counted as if they stayed',
    file: KNOWN_ROOM,
    find: 'if (facts.ours === undefined) return surveyedZone',
    put: 'if (facts.records > 0) return surveyedZone',
  },
  {
    name: 'a tree counted that the goal gives up',
    file: KNOWN_ROOM,
    find: 'return made - givenUp.reduce(',
    put: 'return made - givenUp.slice(givenUp.length).reduce(',
  },
  {
    name: 'rollback roots that hold what they point at',
    file: SEE_TO_ROOM,
    find: 'const held = run.keepsRollbacks ? [] : room.held;',
    put: 'const held = run.keepsRollbacks ? room.held : [];',
  },
  {
    name: 'rollback roots that give up the live trees',
    file: 'enactor/zone-room.ts',
    find: 'const creates = types.map((type) => rollbackRecord(name, type, tree, scope));',
    put: 'const creates = types.slice(1).map((type) => rollbackRecord(name, type, tree, scope));',
  },
  {
    name: 'a wait for room that is not to come',
    file: SEE_TO_ROOM,
    find: 'if (needs <= room.free + room.unneeded) return',
    put: 'if (needs > room.free) return',
  },
  {
    name: 'a limit asked for and not recorded',
    file: LIMIT_REACHED,
    find: 'facts: zoneFacts({ scope, state, view, count, recordLimit, declared }),',
    put: 'facts: state.facts ?? zoneFacts({ scope, state, view, count, recordLimit, declared }),',
  },
  {
    name: 'a full zone into which the halves of a refused batch go',
    file: LIMIT_REACHED,
    find: 'if (isKnown || count + adds <= recordLimit) return undefined;',
    put: 'if (isKnown || count <= recordLimit) return undefined;',
  },
];

describe('crowded cells', () => {
  it.each(MUTANTS)('find: $name', async ({ name: _, ...replacement }) => {
    const work: RoomMutantWork = { replacements: [replacement], cells: CELLS };
    expect(await ownProcess(new URL('./room-mutant-worker.ts', import.meta.url), work)).toMatch(/^killed: /);
  });
});
