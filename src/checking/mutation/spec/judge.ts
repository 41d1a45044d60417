import { bounded, type Bounds } from '../../model/bounds.ts';
import { checkModel, configOf } from '../../model/checkModel.ts';
import type { Model } from '../../model/models.ts';
import { TlcError } from '../../tlc/index.ts';

/** A model that a mutant is shown to. */
export interface Judge {
  readonly name: string;
  readonly model: Model;
  readonly configText: string;
}

/** What TLC makes of a model: its verdict, distinct states and depth, or of a violation its length. */
type Verdict = string;

/** A model that ends in seconds and goes on for so long is another one, also on a busy machine. */
const TOO_LONG_MS = 180_000;

/** A model as it is, or with other bounds. */
export async function judge(model: Model, bounds?: Bounds): Promise<Judge> {
  const configText = await configOf(model);
  if (bounds === undefined) return { name: model.name, model, configText };
  const changed = bounded(model, configText, bounds);
  return { name: changed.model.shows, ...changed };
}

/** The spec itself, and mutants of it, before the same judges. */
export class Court {
  private readonly module: string;
  private readonly right: string;
  private readonly judges: readonly Judge[];
  private readonly verdicts = new Map<Judge, Promise<Verdict>>();

  constructor(module: string, text: string, judges: readonly Judge[]) {
    this.module = module;
    this.judges = judges;
    this.right = text;
  }

  /** The name of the first judge to whom `text` is not what the spec is; null where none can tell them apart. */
  async catcherOf(text: string): Promise<string | null> {
    for (const judge of this.judges) {
      if ((await this.verdict(judge, text)) !== (await this.verdictOnSpec(judge))) return judge.name;
    }
    return null;
  }

  /** Each judge is asked once. Throws Error where TLC cannot walk the spec itself. */
  private async verdictOnSpec(judge: Judge): Promise<Verdict> {
    const known = this.verdicts.get(judge) ?? this.verdict(judge, this.right);
    this.verdicts.set(judge, known);
    const verdict = await known;
    if (/^error|^no end/.test(verdict)) throw new Error(`${judge.name}: ${verdict}`);
    return verdict;
  }

  private async verdict({ model, configText }: Judge, text: string): Promise<Verdict> {
    const options = { configText, modules: { [this.module]: text }, signal: AbortSignal.timeout(TOO_LONG_MS) };
    try {
      const { found, states, depth } = await checkModel(model, options);
      return found === 'holds' ? `holds ${states} ${depth ?? ''}` : `${found} ${depth ?? ''}`;
    } catch (error) {
      if (error instanceof TlcError && error.code === 'tlc/aborted') return 'no end';
      throw error;
    }
  }
}
