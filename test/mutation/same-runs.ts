// Every mutant meets the same random values, and no property keeps it for long: a score must not be luck, and a
// property that finds a mutant at all finds it early.
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_251_020, interruptAfterTimeLimit: 100, markInterruptAsFailure: false });
