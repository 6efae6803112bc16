/** What has been opened so far, to be closed in the opposite order. */
export interface Closing {
  add(close: () => Promise<void>): void;
  /** Closes everything, once, also when some of it fails. @throws the first failure, after the rest is closed. */
  close(): Promise<void>;
}

export function closing(): Closing {
  const steps: (() => Promise<void>)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    close: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      const [first] = failures;
      if (first !== undefined) throw first;
    },
  };
}
