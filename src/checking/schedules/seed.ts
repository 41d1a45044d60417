/**
 * The seed of this run's random schedules: `--seed n` of the command line, else FAST_CHECK_SEED, else one by chance. A
 * check prints the seed that it used, so that a failure can be repeated.
 */
export function seedOfRun(): number {
  const { argv, env } = process;
  const at = argv.findIndex((it) => it === '--seed' || it.startsWith('--seed='));
  const given = at < 0 ? env['FAST_CHECK_SEED'] : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  if (given === undefined || given === '') return Math.floor(Math.random() * 0x7fff_ffff);
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is an integer, not ${given}`);
  return seed;
}
