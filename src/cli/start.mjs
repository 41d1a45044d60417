// `npm start [-- --port N --host H]`: hosts calls on this machine. Needs Node and nothing else.
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { pageFreshness } from './setup/freshness.mjs';
import { install } from './setup/install.mjs';
import { main, readOptions, wrongUse } from './setup/options.mjs';
import { inRoot, root, tools } from './setup/paths.mjs';
import { choosePort } from './setup/port.mjs';
import { end, endChildrenWithUs, runStep, start, whenToldToEnd } from './setup/processes.mjs';
import { ensureRequirements } from './setup/systemInstall.mjs';

await main(async () => {
  const options = readOptions(process.argv.slice(2), { flags: [], values: ['port', 'host'] });
  ensureRequirements([], { mayInstall: false });
  const host = options.host ?? '127.0.0.1';
  const asked = options.port ?? (process.env.PORT || undefined);
  if (asked !== undefined) await choosePort(asked, host);
  const stopListening = endChildrenWithUs();
  await install();
  const page = pageFreshness();
  if (!page.fresh) {
    await runStep('Building the page', process.execPath, [tools.vite, 'build', 'demo'], { cwd: root });
    page.keep();
  }
  stopListening();
  const port = await choosePort(asked, host);
  return serve(port, host);
});

/** Runs the server until it ends; passes on what tells us to end. */
function serve(port, host) {
  const script = inRoot('src', 'cli', 'serve.ts');
  if (!existsSync(script))
    throw wrongUse(`${script} is not there: this copy of the repository is incomplete.`);
  const args = ['--import', 'tsx', script, '--port', String(port), '--host', host];
  const child = start(process.execPath, args, { cwd: root, stdio: 'inherit' });
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
