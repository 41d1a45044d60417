import { WrongUse } from './wrongUse.ts';

/** A subcommand: its arguments, without its name, in; the exit code out. Throws WrongUse for exit code 2. */
export interface Command {
  run(args: readonly string[]): Promise<number>;
}

interface Registered {
  /** One line for the list of commands. */
  readonly does: string;
  /** Loads the module when it is called, so that a command does not pay for the others. */
  readonly load: () => Promise<Command>;
}

/** The subcommands. A new one is a module in `commands/` and a line here. */
const COMMANDS: Readonly<Record<string, Registered>> = {
  check: { does: 'TLC on the models', load: () => import('./commands/check.ts') },
  conform: {
    does: 'graph of the spec against graph of the machine',
    load: () => import('./commands/conform.ts'),
  },
  replay: { does: 'traces on the machine and real MLS', load: () => import('./commands/replay.ts') },
  traces: { does: 'makes the kept traces and their index anew', load: () => import('./commands/traces.ts') },
  nightly: { does: 'TLC on the large models', load: () => import('./commands/nightly.ts') },
  bench: { does: 'figures as ratios to named references', load: () => import('./commands/bench.ts') },
  bots: { does: 'participants without a browser in a call', load: () => import('./commands/bots.ts') },
  map: { does: 'the spec beside the code', load: () => import('./commands/map.ts') },
  mutants: {
    does: 'code and spec wrong in one place at a time',
    load: () => import('./commands/mutants.ts'),
  },
  soak: { does: 'random schedules with faults', load: () => import('./commands/soak.ts') },
  validate: { does: 'recorded runs by TLC', load: () => import('./commands/validate.ts') },
};

/** Errors of ours that mean wrong use or something missing, by their `code`. */
const WRONG_USE = new Set([
  ...['tlc/jar-missing', 'tlc/java-missing', 'tlc/bad-request'],
  ...['model/unreadable', 'model/bad-config', 'model/bad-list', 'model/unknown'],
  ...[
    'ERR_PARSE_ARGS_UNKNOWN_OPTION',
    'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
    'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
  ],
]);

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(10)} ${does}`);
  return `committer COMMAND [ARGUMENTS] [--json]\n\n${lines.join('\n')}\n\ncommitter COMMAND --help says more.`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(usage());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new WrongUse(`there is no command ${name}\n\n${usage()}`);
  return (await command.load()).run(args);
}

function isWrongUse(error: unknown): error is Error {
  if (error instanceof WrongUse) return true;
  return error instanceof Error && 'code' in error && WRONG_USE.has(String(error.code));
}

// Ended from outside, we leave neither processes nor files behind: both hang on the event `exit`.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(isWrongUse(error) ? `committer: ${error.message}` : error);
  process.exitCode = isWrongUse(error) ? 2 : 1;
}
