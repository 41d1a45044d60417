import type { ItfTrace } from '../../../trace/itf.ts';
import type { Model } from '../models.ts';
import { TRACE_SUFFIX } from './keptTrace.ts';

/** A model and its kept trace. */
export interface KeptTrace {
  readonly model: Model;
  readonly itf: ItfTrace;
}

const HEAD = `# Traces

Behaviours that TLC found, as [ITF](https://apalache-mc.org/docs/adr/015adr-trace.html) JSON, each named after its model; the
config that made it is in its \`#meta\`. \`npm run replay\` runs them step by step on the machine and on real MLS.

\`npm run traces\` makes all of them anew, and this page. \`npm run check -- --traces\` has TLC decide whether each is still a
behaviour of its config that shows what it is kept for.
`;

const FAMILY_SAYS: Partial<Record<Model['family'], string>> = {
  adversary: 'With somebody dishonest',
  ablations: 'With a rule off: what the rule is for',
  witnesses: 'Good behaviours: what the protocol can do',
  liveness: 'What never happens, without a rule or without fairness',
  secrecy: 'Who knows a secret that is not theirs',
  mutants: 'A spec with a mistake: each invariant finds one',
};

/** The text of \`traces/README.md\`: a table for each family, in the order of the models. */
export function traceIndex(traces: readonly KeptTrace[]): string {
  const families = [...new Set(traces.map(({ model }) => model.family))];
  const parts = families.map((family) => {
    const rows = traces.filter(({ model }) => model.family === family).map(row);
    const heading = FAMILY_SAYS[family] ?? 'What the protocol does';
    return [
      `## ${heading}`,
      '',
      '| trace | what happens | steps | shows | config |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  return [HEAD, ...parts].join('\n');
}

function row({ model, itf }: KeptTrace): string {
  const { name, shows, family, expected, rules, config } = model;
  const file = `${name}${TRACE_SUFFIX}`;
  const what =
    family === 'witnesses'
      ? `that \`${expected}\` is not so`
      : `\`${expected}\` violated${rules.length === 0 ? '' : ` without ${rules.join(' and ')}`}`;
  const cells = [`[\`${name}\`](${file})`, shows, stepsOf(itf), what, `[${name}.cfg](../spec/${config})`];
  return `| ${cells.join(' | ')} |`;
}

/** How many steps, and how a lasso goes on. */
function stepsOf({ states, loop, meta }: ItfTrace): string {
  const steps = states.length - 1;
  if (loop === undefined) return String(steps);
  if (meta['stuttering'] === true) return `${steps}, then nothing`;
  return `${steps}, then from ${loop} for ever`;
}
