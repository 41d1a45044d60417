import { inRoot, tools } from './paths.mjs';

/**
 * @typedef {object} Step one child process of a suite
 * @property {string} command `node` for this Node, else the name of a program on PATH
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {'tool' | 'vitest' | 'json' | 'cargo'} count how its cases are counted (count.mjs)
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} what for people
 * @property {'first' | 'rest' | 'nightly'} tier first: `npm test`; rest: what `npm run test:all` adds; nightly: only by
 * name (`--only`)
 * @property {('java' | 'maven' | 'chromium' | 'firefox' | 'rust')[]} needs
 * @property {number} minutes after which it is ended and counts as failed
 * @property {Step[]} steps
 */

const node = (count, ...args) => ({ command: 'node', args, count });
const vitest = (project) => node('vitest', tools.vitest, 'run', '--project', project);
const committer = (...args) => node('json', '--import', 'tsx', inRoot('src', 'cli', 'committer.ts'), ...args);

/**
 * Models of `npm run check` that the first tier has time for, and the others. What a model says whose graph is compared,
 * TLC checks on the way to its graph.
 */
const FIRST_MODELS = ['crash2', 'witnesses'];
export const OTHER_MODELS = [
  ...['crash3', 'ablations', 'liveness', 'secrecy', 'mutants'],
  ...[
    'dishonest2',
    'dishonest-lies2',
    'dishonest-any-lie2',
    'dishonest-uninvited3',
    'repeats2',
    'branches-dishonest3',
    'branches-replays3',
    'dishonest-ends-call',
    'split-is-seen',
    'call-begins',
  ],
];
/** Of the adversary's, those that take longest: CI has no time for them. */
export const NIGHTLY_MODELS = ['dishonest3', 'branches2', 'branches-dishonest2', 'branches-forged-join3'];

/** Models of `npm run conform` that the first tier has time for, and the others. */
export const FIRST_GRAPHS = [
  ...['crash2', 'handovers3', 'leaves3', 'graph-labels2', 'graph-no-atomic2', 'graph-no-ordered2'],
  ...['graph-no-invited2', 'graph-no-current2', 'graph-no-founding2', 'graph-no-takeover2'],
  ...['graph-no-rotation2', 'graph-no-fresh2'],
];
export const OTHER_GRAPHS = [
  ...['claims3', 'graph-labels3', 'faults2', 'gone3', 'lost2', 'lost3', 'batch3', 'uninvited3'],
  'graph-no-atomic3',
];

const crate = inRoot('crates', 'mls-rs-wasm');
const cargo = (count, ...args) => ({ command: 'cargo', args, cwd: crate, count });

/** All suites, in the order in which they run: what fails fastest first. @returns {Suite[]} */
export function allSuites() {
  const inTier =
    (tier) =>
    (name, what, needs, minutes, ...steps) => ({ name, what, tier, needs, minutes, steps });
  const [first, rest, nightly] = ['first', 'rest', 'nightly'].map(inTier);
  const tla = ['java', 'maven'];
  return [
    first('format', 'prettier', [], 2, node('tool', tools.prettier, '--check', '--log-level=warn', '.')),
    first(
      'lint',
      'eslint, with the dependency direction',
      [],
      4,
      node('tool', tools.eslint, '.', '--max-warnings', '0'),
    ),
    first('types', 'tsc', [], 4, node('tool', tools.tsc, '--noEmit')),
    first('unit', 'tests next to the sources', tla, 8, vitest('unit')),
    first('models', 'spec against machine against MLS', tla, 10, vitest('models')),
    first('check', 'TLC on the protocol', tla, 10, committer('check', ...FIRST_MODELS, '--json')),
    first(
      'conform',
      "the spec's graph against the machine's",
      tla,
      10,
      committer('conform', ...FIRST_GRAPHS, '--json'),
    ),
    first(
      'replay',
      'traces on the machine and real MLS',
      [],
      5,
      committer('replay', '--json'),
      committer('replay', '--with-rules', '--quiet', '--json'),
    ),
    first('e2e', 'calls in a real browser', ['chromium', ...tla], 12, vitest('e2e')),
    rest(
      'check-more',
      'TLC on rules, attacks, liveness, secrecy, mutants',
      tla,
      25,
      committer('check', ...OTHER_MODELS, '--json'),
    ),
    rest('conform-more', 'the large graphs', tla, 20, committer('conform', ...OTHER_GRAPHS, '--json')),
    rest('models-more', 'spoilt and long records, judged by TLC', tla, 10, vitest('models-more')),
    rest(
      'e2e-more',
      'codecs, transforms, states of senders, calls between machines and with Firefox in real browsers',
      ['chromium', 'firefox', ...tla],
      15,
      vitest('e2e-more'),
    ),
    rest(
      'replay-more',
      'traces of six participants that TLC simulates, on the machine and real MLS',
      tla,
      10,
      committer('replay', '--simulate', '300', '--json'),
    ),
    rest('traces', 'kept traces by TLC', tla, 10, committer('check', '--traces', '--json')),
    rest(
      'wasm',
      'rebuilt and compared with the kept package',
      ['rust'],
      15,
      node('tool', `${crate}/build.mjs`, '--check'),
    ),
    rest(
      'rust',
      'rustfmt, clippy and tests of the crate, the published vectors among them',
      ['rust'],
      15,
      cargo('tool', 'fmt', '--all', '--check'),
      cargo('tool', 'clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'),
      cargo('cargo', 'test', '--locked', '--workspace'),
      cargo('cargo', 'test', '--locked', '-p', 'mls-rs-wasm', '--features', 'prior_epoch', 'vectors'),
    ),
    rest(
      'fuzz',
      'hostile input, short',
      ['rust'],
      15,
      node('tool', `${crate}/fuzz.mjs`, '--inputs', '100000', '--jobs', '2'),
    ),
    nightly(
      'nightly',
      'kill series, bots, long schedules with ts-mls, soak, mutants, the large models, more simulated traces, hostile input, figures (npm run nightly)',
      [...tla, 'rust'],
      600,
      vitest('nightly'),
      committer('soak', '--shape', 'short', '--core', 'abstract', '--runs', '500000', '--json'),
      committer('soak', '--shape', 'orange', '--runs', '10000', '--json'),
      committer('soak', '--minutes', '30', '--json'),
      committer('nightly', '--json'),
      committer('check', ...NIGHTLY_MODELS, '--json'),
      committer('replay', '--simulate', '10000', '--json'),
      node('tool', `${crate}/fuzz.mjs`, '--inputs', '10000000', '--jobs', '2', '--coverage'),
      committer('mutants', '--json'),
      committer('bench', 'mls', '--json'),
      committer('bench', 'media', '--json'),
    ),
  ];
}
