import { join } from 'node:path';

/** A file or folder of what .ci/foreign leaves: never looked for, so that no test can pass by not running. */
export function foreignFile(...path: readonly string[]): string {
  const folder = process.env['PAWL_FOREIGN_FILES'];
  if (folder !== undefined && folder !== '') return join(folder, ...path);
  throw new Error(
    'Set PAWL_FOREIGN_FILES to what ".ci/foreign FOLDER PYTHON" leaves, with a Python that has what .ci/requirements.txt names.',
  );
}
