// `npm test`: sets up what the tests need and runs every suite of the first tier; `--all` runs the rest too.
// The last line of output is `N passed, N failed` and nothing else.
import { writeFileSync } from 'node:fs';
import { inWords, sum } from './setup/count.mjs';
import { install } from './setup/install.mjs';
import { main, readOptions, wrongUse } from './setup/options.mjs';
import { endChildrenWithUs } from './setup/processes.mjs';
import { childEnvironment } from './setup/requirements.mjs';
import { runSuite } from './setup/runSuite.mjs';
import { allSuites } from './setup/suites.mjs';
import { ensureRequirements } from './setup/systemInstall.mjs';
import { ensureTlc } from './setup/tlc.mjs';

await main(async () => {
  const options = readOptions(process.argv.slice(2), {
    flags: ['all', 'rest', 'list', 'no-install-system'],
    values: ['only'],
  });
  const suites = chosenSuites(options);
  if (options.list) {
    for (const { name, tier, what } of suites) console.log(`${name.padEnd(8)} ${tier.padEnd(7)} ${what}`);
    return 0;
  }
  const needs = new Set(suites.flatMap((suite) => suite.needs));
  ensureRequirements(needs, { mayInstall: !options['no-install-system'] });
  endChildrenWithUs();
  await install();
  const tlc = needs.has('maven') ? await ensureTlc() : undefined;
  const env = childEnvironment(process.env, { tlc });
  if (env.VECTORS_DIR === undefined)
    console.log('VECTORS_DIR is not set: what needs the published test vectors is skipped.');

  const results = [];
  for (const suite of suites) results.push(await runSuite(suite, env));
  const total = sum(results);
  printTable(results);
  const failures = failuresOf(results);
  if (failures !== '') console.log(failures);
  // For whoever adds up several runs: the figures, then what failed.
  if (process.env.TEST_TOTALS_FILE)
    writeFileSync(
      process.env.TEST_TOTALS_FILE,
      `${total.passed} ${total.failed} ${total.skipped}\n${failures}`,
    );
  console.log(inWords(total));
  return total.failed > 0 ? 1 : 0;
});

/** The suites that the options ask for, in their order. */
function chosenSuites(options) {
  const all = allSuites();
  if (options.only !== undefined) {
    const names = options.only.split(',');
    const unknown = names.filter((name) => !all.some((suite) => suite.name === name));
    if (unknown.length > 0)
      throw wrongUse(`No suite ${unknown.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}.`);
    return all.filter(({ name }) => names.includes(name));
  }
  if (options.list) return all;
  if (options.all) return all.filter(({ tier }) => tier !== 'nightly');
  return all.filter(({ tier }) => tier === (options.rest ? 'rest' : 'first'));
}

/** What failed, once more and together: it happened far above. Empty if nothing did. */
function failuresOf(results) {
  return results
    .filter(({ failed }) => failed > 0)
    .flatMap(({ name, notes }) => [`${name} failed`, ...notes].map((note) => `${note}\n`))
    .join('');
}

function printTable(results) {
  const rows = [['suite', 'passed', 'failed', 'skipped', 'seconds']];
  for (const { name, passed, failed, skipped, seconds } of results)
    rows.push([name, passed, failed, skipped, seconds].map(String));
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  console.log('');
  for (const [first, ...figures] of rows) {
    const cells = figures.map((figure, column) => figure.padStart(widths[column + 1]));
    console.log([first.padEnd(widths[0]), ...cells].join('  '));
  }
  console.log('');
}
