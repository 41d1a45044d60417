import { readFile } from 'node:fs/promises';
import { Environment } from '../explorer/environment.ts';
import { readConstants, type ModelConstants } from '../model/constants.ts';
import { ModelError } from '../model/errors.ts';
import { runTlc, verdict, type TlcResult } from '../tlc/index.ts';
import { compare, type Comparison } from './compare.ts';
import type { ConformRequest } from './conform.ts';
import { graphModel, type GraphModel } from './graphModel.ts';
import { LabelIndex } from './labels.ts';
import { explore, type MachineGraph } from './machineGraph.ts';
import { readSpecGraph } from './specGraph.ts';
import { SpecLabels } from './specLabels.ts';
import { StateIndex } from './stateIndex.ts';

/** The two sides of a model to be compared. Each step throws what `conform` does. */
export class ComparedModel {
  private readonly constants: ModelConstants;
  private readonly model: GraphModel;
  private readonly environment: Environment;
  private readonly index: StateIndex;
  private readonly labels = new LabelIndex();

  private constructor(request: ConformRequest, configText: string) {
    this.constants = readConstants(configText);
    this.model = graphModel(request.spec, configText);
    this.environment = request.environmentOf?.(this.constants) ?? new Environment(this.constants);
    this.index = new StateIndex(this.model.labelled);
  }

  static async of(request: ConformRequest): Promise<ComparedModel> {
    return new ComparedModel(request, await readConfig(request.config));
  }

  /** TLC walks the model and writes its graph. */
  async writeGraph(dump: string, how: Pick<ConformRequest, 'heapMb' | 'short' | 'signal' | 'onProgress'>) {
    const { heapMb, short = false, signal, onProgress } = how;
    const result = await runTlc({
      ...{ spec: this.model.spec, config: CONFIG, extraFiles: { [CONFIG]: this.model.configText } },
      ...{ deadlock: false, dump, short },
      ...(heapMb !== undefined && { heapMb }),
      ...(signal && { signal }),
      onProgress: ({ statesDistinct }) => onProgress?.(`TLC: ${statesDistinct ?? 0} states`),
    });
    return complete(result);
  }

  /** The machines walk it. */
  async explore(how: Pick<ConformRequest, 'worldsLimit' | 'signal' | 'onProgress'>): Promise<MachineGraph> {
    const { worldsLimit, signal, onProgress } = how;
    return await explore(this.environment, this.index, this.labels, {
      onProgress: (worlds, depth) => onProgress?.(`machines: ${worlds} worlds, depth ${depth}`),
      ...(worldsLimit !== undefined && { worldsLimit }),
      ...(signal && { signal }),
    });
  }

  /** Both ways; `states` is how many TLC says that it wrote. */
  async compare(dump: string, states: number, machine: MachineGraph): Promise<Comparison> {
    const { index, labels, constants } = this;
    const spec = await readSpecGraph(dump, index, new SpecLabels(index, labels, constants.participants));
    if (spec.states.size !== states) {
      throw new RangeError(`TLC found ${states} states and wrote ${spec.states.size}`);
    }
    return compare({ spec, machine, index, labels });
  }
}

const CONFIG = 'Compared.cfg';

/** A graph is whole only where TLC went through it all: a violated invariant stops it. */
function complete(result: TlcResult): TlcResult {
  if (result.outcome.kind === 'holds') return result;
  const why = result.outcome.kind === 'error' ? `: ${result.outcome.message}` : '';
  throw new ModelError(
    'model/bad-config',
    `TLC did not write the whole graph (${verdict(result.outcome)}${why}): leave violated invariants out of a model to be compared`,
  );
}

async function readConfig(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelError('model/unreadable', `no configuration ${path}`, { cause: error });
  });
}
