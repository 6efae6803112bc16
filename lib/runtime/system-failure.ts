/** What to do about a limit of the machine; undefined for an error that is none. The message is one sentence. Pure. */
export function machineLimit(error: unknown): string | undefined {
  const text = textOf(error);
  const limit = LIMITS.find(({ says }) => says.test(text));
  return limit === undefined ? undefined : `${limit.what} (${oneLine(text)}): ${limit.next}.`;
}

/** As Node names them, and as LevelDB does. */
const LIMITS: readonly { readonly says: RegExp; readonly what: string; readonly next: string }[] = [
  {
    says: /\bENOSPC\b|\bEDQUOT\b|no space left on device|quota exceeded/i,
    what: 'The disk is full',
    next: 'free some space, then type the same again',
  },
  {
    says: /\bEFBIG\b|file too large/i,
    what: 'A file may not become larger',
    next: 'raise the limit, such as by "ulimit -f unlimited", then type the same again',
  },
  {
    says: /\bEMFILE\b|\bENFILE\b|too many open files/i,
    what: 'Too few files may be open at once',
    next: 'raise the limit, such as by "ulimit -n 1024", then type the same again',
  },
];

/** How deep causes are looked at. */
const CAUSES_MAX = 5;

function textOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > CAUSES_MAX) return String(error);
  const code = 'code' in error ? `${String(error.code)} ` : '';
  const own = error.message.startsWith(code.trim()) ? error.message : `${code}${error.message}`;
  return error.cause === undefined ? own : `${own}; ${textOf(error.cause, depth + 1)}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}
