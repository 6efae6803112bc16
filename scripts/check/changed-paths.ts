/** Runs git with these arguments and returns its output; throws when git fails. */
export type Git = (args: readonly string[]) => string;

/**
 * The files that differ from a revision, in the working tree or committed since, and the files that git does not know
 * yet. Deleted files are left out: the type check finds the imports that miss them.
 *
 * @throws what `git` throws, where there is no repository or no such revision.
 */
export function changedPaths(base: string, git: Git): readonly string[] {
  const tracked = git([
    'diff',
    '--name-only',
    '--no-renames',
    '--diff-filter=d',
    '--relative',
    '-z',
    base,
    '--',
  ]);
  const untracked = git(['ls-files', '--others', '--exclude-standard', '-z']);
  return [...new Set([...tracked.split('\0'), ...untracked.split('\0')])]
    .filter((path) => path !== '')
    .sort();
}
