import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * What each folder may import, the dependency direction of the architecture. A folder may always import from
 * itself. What is not listed here is refused.
 */
const core = [
  'protocol',
  'machine',
  'mls',
  'media',
  'messaging',
  'verification',
  'trace',
  'log',
  'participant',
];
const everything = [...core, 'checking', 'service', 'cli', 'demo', 'model-tests'];
const mayImport = {
  protocol: [],
  machine: ['protocol'],
  mls: ['protocol'],
  media: ['protocol'],
  messaging: ['protocol', 'media'],
  verification: ['protocol'],
  trace: ['protocol'],
  log: ['protocol'],
  participant: ['protocol', 'machine', 'mls', 'log', 'trace'],
  service: ['protocol', 'log', 'media', 'mls'],
  checking: core,
  cli: everything,
  demo: everything,
  'model-tests': everything,
};

const sourceFolders = Object.keys(mayImport).filter((name) => name !== 'demo' && name !== 'model-tests');

const elements = [
  ...sourceFolders.map((type) => ({ type, pattern: `src/${type}` })),
  { type: 'demo', pattern: 'demo' },
  { type: 'model-tests', pattern: 'model-tests' },
];

const policies = Object.entries(mayImport).map(([type, targets]) => ({
  from: { element: { type } },
  allow: { to: { element: { types: { anyOf: [type, ...targets] } } } },
}));

/** Clocks, chance, network and the process: a pure folder is handed these as data. */
const impureGlobals = [
  'Date',
  'performance',
  'crypto',
  'fetch',
  'WebSocket',
  'XMLHttpRequest',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'Buffer',
  'console',
  'localStorage',
  'indexedDB',
  'globalThis',
  'self',
  'window',
].map((name) => ({ name, message: 'protocol and machine are pure: hand this in as data or as an event.' }));

const pureRules = (allowedPackages, names) => ({
  'no-restricted-globals': ['error', ...impureGlobals],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'protocol and machine are pure: hand randomness in.' },
  ],
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        { regex: `^(?!\\.{1,2}/|${allowedPackages})`, message: `This pure folder may import only ${names}.` },
      ],
    },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'ImportExpression',
      message: 'A pure folder imports statically, so that its imports can be checked.',
    },
  ],
});

const testFiles = ['**/*.test.ts', '**/*.test.mjs', 'model-tests/**/*.ts', 'demo/e2e/**/*.ts'];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/pkg/',
      '**/target/',
      '.cache/',
      'coverage/',
      'test-results/',
      '**/*.d.mts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'max-lines': ['error', { max: 400 }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export'],
      'import/resolver': { node: { extensions: ['.ts', '.mjs', '.js'] } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies,
          message:
            'Dependencies point one way: {{from.element.types}} may not import {{to.element.types}} (mayImport in eslint.config.mjs).',
        },
      ],
    },
  },
  { files: ['src/protocol/**/*.ts'], ignores: testFiles, rules: pureRules('@noble/', '@noble packages') },
  {
    files: ['src/machine/**/*.ts'],
    ignores: testFiles,
    rules: pureRules('@noble/|xstate$|xstate/', 'xstate and @noble packages'),
  },
  {
    files: ['src/service/**/*.ts'],
    ignores: [...testFiles, 'src/service/testing.ts', 'src/service/delivery/testRoom.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/mls/(?!(borderChecks|MlsGroup|node)\\.ts$)',
              message: 'Of MLS the service has the checks of the border, and nothing else.',
            },
          ],
        },
      ],
    },
  },
  {
    files: testFiles,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Works on dense arrays of its own making, never on what came over a wire.
    files: ['src/checking/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node, ecmaVersion: 2024, sourceType: 'module' },
    rules: { eqeqeq: 'error', 'max-lines': ['error', { max: 400 }] },
  },
);
