import { describe, expect, it } from 'vitest';
import { isRunning, thisProcess } from '../../lib/wiring/process-identity.ts';
import { deadPid } from '../support/dead-process.ts';

describe('a process', () => {
  it('is known to run, by its id and when it began', () => {
    expect(thisProcess().pid).toBe(process.pid);
    expect(isRunning(thisProcess())).toBe(true);
  });

  it('is known to have ended', async () => {
    expect(isRunning({ pid: await deadPid(), startedAt: null })).toBe(false);
  });

  it('is told apart from a later one with the same id', () => {
    const self = thisProcess();
    expect(self.startedAt).not.toBeNull();
    expect(isRunning({ pid: self.pid, startedAt: 'another beginning' })).toBe(false);
  });

  it('counts as running when nobody knows when it began', () => {
    expect(isRunning({ pid: process.pid, startedAt: null })).toBe(true);
  });
});
