import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { TlcError } from './errors.ts';

const MODULES_LIMIT = 500;

export interface WorkspaceRequest {
  readonly spec: string;
  readonly config: string;
  readonly extraFiles?: Readonly<Record<string, string>>;
  readonly modulesFrom?: readonly string[];
}

/** A run's own folder: copies of the modules, and TLC's files. All of it is gone after `remove`. */
export interface Workspace {
  readonly root: string;
  readonly modules: string;
  /** Paths inside `modules`. */
  readonly spec: string;
  readonly config: string;
  readonly configText: string;
  /** For `-metadir` and `java.io.tmpdir`: shared ones make TLC fail at random. */
  readonly meta: string;
  readonly temporary: string;
  remove(): Promise<void>;
}

/**
 * Copies the modules beside `spec` and those of `modulesFrom`, writes `extraFiles` and copies the configuration, so that
 * runs at the same time do not meet and TLC leaves nothing beside the sources. Throws `tlc/bad-request`.
 */
export async function createWorkspace(request: WorkspaceRequest): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'tlc-'));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true, maxRetries: 3 });
  try {
    const [modules, meta, temporary] = [join(root, 'modules'), join(root, 'meta'), join(root, 'tmp')];
    await Promise.all([modules, meta, temporary].map((folder) => mkdir(folder)));
    const extra = request.extraFiles ?? {};
    const folders = [...(request.modulesFrom ?? [])];
    if (!Object.hasOwn(extra, request.spec)) folders.push(dirname(resolve(request.spec)));
    for (const folder of folders) await copyModules(folder, modules);
    for (const [name, text] of Object.entries(extra)) {
      if (basename(name) !== name) throw new TlcError('tlc/bad-request', `not a file name: ${name}`);
      await writeFile(join(modules, name), text);
    }
    const spec = join(modules, basename(request.spec));
    const config = join(modules, basename(request.config));
    if (!Object.hasOwn(extra, request.config)) await copy(request.config, config);
    await readOr(spec, `no module ${request.spec}`);
    const configText = await readOr(config, `no configuration ${request.config}`);
    return { root, modules, spec, config, configText, meta, temporary, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function copyModules(folder: string, into: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new TlcError('tlc/bad-request', `no folder ${folder}`, { cause: error });
  });
  const modules = names.filter((name) => name.endsWith('.tla'));
  if (modules.length > MODULES_LIMIT) {
    throw new TlcError(
      'tlc/bad-request',
      `${modules.length} modules in ${folder}, more than ${MODULES_LIMIT}`,
    );
  }
  for (const name of modules) await copyFile(join(folder, name), join(into, name));
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: unknown) => {
    throw new TlcError('tlc/bad-request', `no configuration ${from}`, { cause: error });
  });
}

async function readOr(path: string, otherwise: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new TlcError('tlc/bad-request', otherwise, { cause: error });
  });
}
