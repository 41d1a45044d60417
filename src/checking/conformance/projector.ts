import type { Environment, World } from '../explorer/environment.ts';
import { projectVariable, VARIABLES, type Variable } from '../explorer/project.ts';
import type { StateIndex } from './stateIndex.ts';

/** Gives the number of the state that a world is. Each variable is projected once for what it depends on. */
export function projector(
  environment: Environment,
  index: StateIndex,
): (world: World, act: number) => number {
  const known = VARIABLES.map(() => new Map<string, number>());
  return (world, act) => {
    const cells = world.cells.join(' ');
    const values = VARIABLES.map((name, i) => {
      const key = dependsOn(name, world, cells);
      let number = known[i]!.get(key);
      if (number === undefined) {
        number = index.valueNumber(i, projectVariable(environment, world, name));
        known[i]!.set(key, number);
      }
      return number;
    });
    if (index.act !== null) values.push(act);
    return index.stateNumber(values);
  };
}

function dependsOn(variable: Variable, world: World, cells: string): string {
  switch (variable) {
    case 'log':
      return String(world.log);
    case 'outbox':
      return world.outboxes.join(' ');
    case 'faults':
      return `${world.gone} ${world.claims} ${world.handovers} ${world.lost} ${world.resent}`;
    case 'status':
    case 'pos':
    case 'mls':
    case 'pending':
      return cells;
  }
}
