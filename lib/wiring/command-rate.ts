import type { RateSettings } from '../runtime/rate-budget.ts';

/** The reserve of an account with the ordinary limits (lib/infrastructure/deployment.ts), and what the functions leave. */
export const COMMAND_RATE: RateSettings = {
  requestsPerSecond: 2,
  burst: 10,
  reserve: 0,
  borrowing: { upToPerSecond: 8, urgentPerSecond: 0 },
};

/** The most requests a second that a person may give one command: ten times what an account has unless AWS raised it. */
export const GIVEN_RATE_MAX = 100;

/**
 * The rate of a command whose person has said it: always so much and never more, whatever others send. What was not used
 * can be saved for one second.
 *
 * @param requestsPerSecond 1 to {@link GIVEN_RATE_MAX}.
 */
export function givenRate(requestsPerSecond: number): RateSettings {
  return { requestsPerSecond, burst: requestsPerSecond, reserve: 0 };
}
