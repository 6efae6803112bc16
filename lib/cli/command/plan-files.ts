import { readFile, stat } from 'node:fs/promises';
import type { Plan } from '../../plan/plan.ts';
import { parseEditedPlan } from '../../plan/plan-json.ts';
import { BadInput, systemCode } from './failures.ts';

const FILE_BYTES_MAX = 16 * 1_024 * 1_024;

/** Reads a plan that a person edited or a rescue wrote. @throws BadInput naming the file and the place. */
export async function readPlanFile(path: string): Promise<Plan> {
  const parsed = parseEditedPlan(await boundedText(path));
  if (parsed.type === 'plan') return parsed.plan;
  const at = parsed.path === '' ? '' : ` at ${parsed.path}`;
  throw new BadInput(`${path} is not a plan${at}: ${parsed.message}`);
}

/** The text of a file that a person named. @throws BadInput naming the file. */
export async function boundedText(path: string, what = 'plan file'): Promise<string> {
  try {
    const about = await stat(path);
    if (!about.isFile()) throw new BadInput(`${path} is not a file: name a ${what}.`);
    if (about.size > FILE_BYTES_MAX) {
      throw new BadInput(`${path} has ${about.size} bytes, more than the ${FILE_BYTES_MAX} of a ${what}.`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const code = systemCode(error) ?? 'no reason';
    const why = code === 'ENOENT' ? 'There is no such file' : `It cannot be read (${code})`;
    throw new BadInput(`${path}: ${why}: check the path.`, { cause: error });
  }
}
