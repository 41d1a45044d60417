import { basename, dirname, join } from 'node:path';
import { ModelError } from '../model/errors.ts';
import { namesUnder } from '../tlc/index.ts';

/** A model as TLC is to write its graph. */
export interface GraphModel {
  /** Path of the module. */
  readonly spec: string;
  readonly configText: string;
  /** The last step is part of the state (`spec/Labels.tla`). */
  readonly labelled: boolean;
}

/**
 * The module and configuration with which TLC names every step and keeps the views: those of `spec/Graph.tla` in the
 * place of `Spec`; a model of `spec/Labels.tla` is written as it is. Throws ModelError `model/bad-config` for any other.
 */
export function graphModel(spec: string, configText: string): GraphModel {
  const [behaviours, ...more] = namesUnder(configText, 'SPECIFICATION');
  const module = basename(spec);
  if (module === 'Labels.tla' && behaviours === 'LabelledSpec' && more.length === 0)
    return { spec, configText, labelled: true };
  if (module !== 'DesignatedCommitter.tla' || behaviours !== 'Spec' || more.length > 0) {
    throw new ModelError(
      'model/bad-config',
      `a graph is that of Spec in DesignatedCommitter.tla or of LabelledSpec in Labels.tla, and not of ${behaviours ?? 'nothing'} in ${module}`,
    );
  }
  return {
    spec: join(dirname(spec), 'Graph.tla'),
    configText: `${configText.replace(/\bSPECIFICATION\s+Spec\b/, 'SPECIFICATION GraphSpec')}
CONSTANTS
  ViewAt <- KeptViewAt
`,
    labelled: false,
  };
}
