import { init, Z3_lbool } from 'z3-solver';

/** Z3's answer: there is a state in which all that was asserted holds, there is none, or it does not know. */
export type Answer = 'sat' | 'unsat' | 'unknown';

/** Asks Z3. Every question begins anew. */
export interface Solver {
  /**
   * @param text what is asserted, in SMT-LIB.
   * @throws Error with Z3's words where the text is not what Z3 reads.
   */
  readonly ask: (text: string) => Promise<Answer>;
  /** Ends Z3's threads, which would keep the process from ending. */
  readonly end: () => void;
}

/** What Z3 may take for one question, milliseconds, before it answers `unknown`. */
const PATIENCE_MS = 20_000;

/** Z3 as the package `z3-solver` brings it: WebAssembly, in this process. See docs/adr/0082-the-protocol-is-proven-for-any-number.md. */
export async function startSolver(): Promise<Solver> {
  const { Z3, em } = await init();
  return {
    ask: async (text) => {
      const config = Z3.mk_config();
      Z3.set_param_value(config, 'timeout', `${PATIENCE_MS}`);
      const context = Z3.mk_context(config);
      const solver = Z3.mk_solver(context);
      try {
        Z3.solver_inc_ref(context, solver);
        Z3.solver_from_string(context, solver, text);
        return answerOf(await Z3.solver_check(context, solver));
      } finally {
        Z3.solver_dec_ref(context, solver);
        Z3.del_context(context);
        Z3.del_config(config);
      }
    },
    end: () => em.PThread.terminateAllThreads(),
  };
}

function answerOf(value: Z3_lbool): Answer {
  if (value === Z3_lbool.Z3_L_TRUE) return 'sat';
  return value === Z3_lbool.Z3_L_FALSE ? 'unsat' : 'unknown';
}
