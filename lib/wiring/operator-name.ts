import { userInfo } from 'node:os';
import { isWriterName } from '../plan/fence.ts';

const LONGEST = 32;

/** Who a person at this machine is in events and fences: `operator-ana`, or `operator` when the name is not known. */
export function operatorName(user: string | undefined = userName()): string {
  const plain = (user ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  const name = `operator-${plain}`.slice(0, LONGEST).replace(/-+$/, '');
  return isWriterName(name) ? name : 'operator';
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user has.
    return undefined;
  }
}
