/** Base names that more than one of the paths has, each once, sorted. Pure. */
export function repeatedBaseNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => path.slice(path.lastIndexOf('/') + 1));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].sort();
}

/** Exported types of the sources. Types that only their own file sees may share a name. */
const EXPORTED_TYPE = /^export (?:declare )?(?:interface|type|(?:abstract )?class) (\w+)/gm;

/** Names that more than one source exports a type by, each once, sorted. Pure. */
export function repeatedTypeNames(texts: readonly string[]): readonly string[] {
  const names = texts.flatMap((text) => [
    ...new Set([...text.matchAll(EXPORTED_TYPE)].map(([, name = '']) => name)),
  ]);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].sort();
}
