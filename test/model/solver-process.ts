import { init, Z3_lbool } from 'z3-solver';
import type { Answer, SolverSaid } from './solver.ts';

/** What Z3 may take for one question, milliseconds, before it answers `unknown`. */
const PATIENCE_MS = 20_000;

/** By this Z3 begins its search: with 0, its own, some questions take eight times as long. The answers are the same. */
const SEED = 7;

const { Z3 } = await init();
Z3.global_param_set('smt.random_seed', `${SEED}`);

/** Asks Z3, as the package `z3-solver` brings it: WebAssembly, in this process. */
async function asked(text: string): Promise<Answer> {
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
}

function answerOf(value: Z3_lbool): Answer {
  if (value === Z3_lbool.Z3_L_TRUE) return 'sat';
  return value === Z3_lbool.Z3_L_FALSE ? 'unsat' : 'unknown';
}

function say(said: SolverSaid): void {
  process.send?.(said);
}

process.on('message', (text: string) => {
  asked(text).then(
    (answer) => say({ answer }),
    (error: unknown) => say({ words: String(error) }),
  );
});
// Z3's threads would keep the process from ending.
process.on('disconnect', () => process.exit());
