import { escapeHtml } from '../replay/html/escape.ts';

/** A language's words, by the class that they are coloured by; the first that matches counts. */
type Grammar = readonly (readonly [kind: string, pattern: RegExp])[];

const TLA: Grammar = [
  ['comment', /\(\*[\s\S]*?\*\)|\\\*.*/y],
  ['string', /"[^"]*"/y],
  [
    'keyword',
    /\b(?:LET|IN|IF|THEN|ELSE|CASE|OTHER|EXCEPT|UNCHANGED|CHOOSE|LAMBDA|DOMAIN|SUBSET|UNION|ENABLED|TRUE|FALSE)\b/y,
  ],
  ['operator', /\\[A-Za-z]+|\/\\|\\\/|\|->|=>|==|=<|>=|<<|>>|~|#|\[\]/y],
  ['number', /\b\d+\b/y],
  ['name', /\b[A-Z][A-Za-z0-9]*\b/y],
];

const TYPESCRIPT: Grammar = [
  ['comment', /\/\*[\s\S]*?\*\/|\/\/.*/y],
  ['string', /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/y],
  [
    'keyword',
    /\b(?:const|let|function|return|if|else|switch|case|default|for|of|in|new|class|extends|export|readonly|async|await|throw|try|catch|finally|while|null|undefined|true|false|this|type|interface|private|get)\b/y,
  ],
  ['operator', /=>|===|!==|\?\?|\?\.|&&|\|\||<=|>=|\.\.\./y],
  ['number', /\b\d[\d_]*\b/y],
  ['name', /\b[A-Z][A-Za-z0-9]*\b/y],
];

/** Code as HTML, its words in spans whose class is what they are. */
function coloured(code: string, grammar: Grammar): string {
  let html = '';
  let plain = '';
  const flush = (): void => {
    html += escapeHtml(plain);
    plain = '';
  };
  for (let at = 0; at < code.length;) {
    const found = grammar.flatMap(([kind, pattern]) => {
      pattern.lastIndex = at;
      const text = pattern.exec(code)?.[0];
      return text === undefined || text === '' ? [] : [[kind, text] as const];
    })[0];
    if (found === undefined) {
      // A word that is none of these goes as a whole, so that nothing is found in its middle.
      const word = /^\w+/.exec(code.slice(at))?.[0] ?? code.charAt(at);
      plain += word;
      at += word.length;
      continue;
    }
    flush();
    const [kind, text] = found;
    html += `<span class="${kind}">${escapeHtml(text)}</span>`;
    at += text.length;
  }
  flush();
  return html;
}

export const colouredTla = (code: string): string => coloured(code, TLA);
export const colouredTypeScript = (code: string): string => coloured(code, TYPESCRIPT);
