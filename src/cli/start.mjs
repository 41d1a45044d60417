// `npm start [-- --port N --host H --lan --config FILE …]`: hosts calls on this machine. Needs Node and nothing else.
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { pageFreshness } from './setup/freshness.mjs';
import { install } from './setup/install.mjs';
import { main, readOptions, wrongUse } from './setup/options.mjs';
import { inRoot, root, tools } from './setup/paths.mjs';
import { choosePort } from './setup/port.mjs';
import { end, endChildrenWithUs, runStep, start, whenToldToEnd } from './setup/processes.mjs';
import { serveOptions } from './setup/serveOptions.mjs';
import { ensureRequirements } from './setup/systemInstall.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  const options = readOptions(args, serveOptions);
  if (options['print-config']) {
    await install();
    return serve(args);
  }
  ensureRequirements([], { mayInstall: false });
  // What is told here is refused before anything is installed; a configuration file is read later.
  const asked = options.port ?? (process.env.PORT || undefined);
  const inFile = options.config !== undefined || options.lan === true;
  if (asked !== undefined && !inFile) await choosePort(asked, options.host ?? '127.0.0.1');
  const stopListening = endChildrenWithUs();
  await install();
  const page = pageFreshness();
  if (!page.fresh) {
    await runStep('Building the page', process.execPath, [tools.vite, 'build', 'demo'], { cwd: root });
    page.keep();
  }
  stopListening();
  return serve(args);
});

/** Runs the server until it ends; passes on what tells us to end. */
function serve(args) {
  const script = inRoot('src', 'cli', 'serve.ts');
  if (!existsSync(script))
    throw wrongUse(`${script} is not there: this copy of the repository is incomplete.`);
  const child = start(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  let told = false;
  whenToldToEnd((signal) => {
    end(child, told ? 'SIGKILL' : signal);
    told = true;
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
}
