/** What may stand before a parenthesis: the functions and aggregations that our expressions use. */
const FUNCTIONS: readonly string[] = [
  ...['sum', 'min', 'max', 'rate', 'increase', 'vector', 'label_values'],
  ...['max_over_time', 'min_over_time', 'last_over_time', 'absent_over_time'],
];
/** Words that stand before labels in parentheses. */
const GROUPINGS: readonly string[] = ['by', 'on', 'without', 'ignoring'];
const OPERATORS: readonly string[] = ['or', 'and', 'unless', 'offset'];

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|\[(?:\d+[smhd]|\$__rate_interval)\]|\d+(?:[smhd]\b|(?:[.]\d+)?)|[A-Za-z_:][\w:]*|[<>=!]=|=~|!~|[-+*/<>=(){},]/y;

/**
 * The names of metrics in an expression of Prometheus, as far as ours go.
 *
 * @throws Error at a text that is no token of theirs, a parenthesis without its other half, a function that it does not
 * know, and a label where none belongs.
 */
export function promqlNames(expression: string): readonly string[] {
  const tokens = tokensOf(expression);
  const open: string[] = [];
  const names = new Set<string>();
  tokens.forEach((token, index) => {
    if (token === '(' || token === '{') {
      open.push(token === '{' ? '{' : GROUPINGS.includes(tokens[index - 1] ?? '') ? 'labels' : '(');
      return;
    }
    if (token === ')' || token === '}') {
      const closed = open.pop();
      if (closed === undefined || (closed === '{') !== (token === '}'))
        throw new Error(`${token} closes nothing in ${expression}`);
      return;
    }
    if (!/^[A-Za-z_:]/.test(token) || GROUPINGS.includes(token) || OPERATORS.includes(token)) return;
    if (open.at(-1) === '{' || open.at(-1) === 'labels') return;
    const next = tokens[index + 1];
    if (next === '(' || GROUPINGS.includes(next ?? '')) {
      if (!FUNCTIONS.includes(token))
        throw new Error(`${token} is no function that is known, in ${expression}`);
      return;
    }
    names.add(token);
  });
  if (open.length > 0) throw new Error(`Something is open at the end of ${expression}`);
  return [...names];
}

function tokensOf(expression: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(expression) ?? [];
    if (token === undefined)
      throw new Error(`Nobody knows "${expression.slice(at, at + 10)}" in ${expression}`);
    if (token.trim() !== '') tokens.push(token);
  }
  return tokens;
}
