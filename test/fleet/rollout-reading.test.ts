import { describe, expect, test } from 'vitest';
import { fleetIn, printed } from './fleet-text.ts';

function file(rollout: string): string {
  const cell = (name: string, last: number): string => `
  ${name}:
    zone: example.test
    targets:
      t1: { az: z1, capacity: 100, ipv4: 192.0.2.${last} }
    endpoints:
      ${name}.example.test: { kind: addresses, targets: [t1] }
`;
  return `version: 1\nrollout: ${rollout}\ncells:${cell('use1-a', 1)}${cell('euw1-a', 2)}`;
}

describe('the rollout of a file', () => {
  test('is read with its waves, and with its bake where it says one', () => {
    expect(fleetIn(file('{ waves: [[use1-a], [euw1-a]], bake_s: 600 }')).rollout).toEqual({
      waves: [['use1-a'], ['euw1-a']],
      bakeS: 600,
    });
    expect(fleetIn(file('{ waves: [[use1-a]] }')).rollout).toEqual({ waves: [['use1-a']], bakeS: undefined });
  });

  test.each([
    [
      '{ waves: [[use1-b], [euw1-a]] }',
      '2:21: rollout.waves[0][0] is "use1-b", which is no cell of the file: did you mean "use1-a"?',
    ],
    [
      '{ waves: [[use1-a], [euw1-a, use1-a]] }',
      '2:39: rollout.waves[1][1] is "use1-a", which is in wave 1 already: name each cell once.',
    ],
    [
      '{ waves: [[use1-a, use1-a]] }',
      '2:29: rollout.waves[0][1] is "use1-a", which is twice in it: name each cell once.',
    ],
    ['{ waves: [[use1-a], []] }', '2:30: rollout.waves[1] is empty: name a cell in it, or remove it.'],
    [
      '{ waves: [] }',
      '2:12: rollout.waves is an empty list: use a list of waves, each a list of one or more cells of this file.',
    ],
    [
      '{ waves: [[use1-a]], bake_s: 0 }',
      '2:39: rollout.bake_s is 0: use whole seconds between the last flip of a wave and the next wave, from 1 to 86,400.',
    ],
    [
      '{ waves: [[use1-a]], bake_s: 86401 }',
      '2:39: rollout.bake_s is 86401: use whole seconds between the last flip of a wave and the next wave, from 1 to 86,400.',
    ],
    ['{ wave: [[use1-a]], bake_s: 60 }', '2:12: rollout has the unknown key "wave": did you mean "waves"?'],
  ])('is refused with a sentence: %s', (rollout, says) => {
    expect(printed(file(rollout))).toContain(`fleet.yaml:${says}`);
  });
});
