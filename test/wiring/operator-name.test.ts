import { describe, expect, it } from 'vitest';
import { isWriterName } from '../../lib/plan/fence.ts';
import { operatorName } from '../../lib/wiring/operator-name.ts';

describe('the name of an operator', () => {
  it.each([
    ['ana', 'operator-ana'],
    ['Ana.Maria', 'operator-ana-maria'],
    ['DOMAIN\\ana', 'operator-domain-ana'],
    ['ünï', 'operator-n'],
    ['', 'operator'],
    ['---', 'operator'],
    [undefined, undefined],
    ['a-very-long-name-of-somebody-somewhere', 'operator-a-very-long-name-of-som'],
    ['a-very-long-name-of-so-somebody', 'operator-a-very-long-name-of-so'],
  ])('of the user %s can stand in a fence', (user, name) => {
    const made = operatorName(user);
    if (name !== undefined) expect(made).toBe(name);
    expect(isWriterName(made)).toBe(true);
  });
});
