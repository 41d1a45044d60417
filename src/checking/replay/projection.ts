import { apply, equalValues, fcn, modelValue, sequence } from '../../trace/value.ts';
import type { TlaState, TlaValue } from '../../trace/value.ts';
import { historyValue } from './epochs.ts';
import type { LogView } from './logView.ts';
import type { Place } from './place.ts';
import type { Sight } from './sight.ts';

/**
 * The spec's state that a world is, faults left out: they are the model's, and no participant knows them. Who is
 * dishonest has no state there.
 *
 * @param sights of the places, in their order.
 */
export function projectionOf(
  logs: readonly LogView<unknown>[],
  places: readonly Place<unknown>[],
  sights: readonly Sight[],
): TlaState {
  const each = (none: TlaValue, of: (place: Place<unknown>, sight: Sight) => TlaValue): TlaValue =>
    fcn(
      places.map((place, i) => {
        const value = place.insider === null ? of(place, sights[i]!) : none;
        return [modelValue(place.name), value] as const;
      }),
    );
  const nothing = sequence([]);
  return {
    log: sequence(logs.map(({ entries }) => sequence(entries.map(({ value }) => value)))),
    status: each('outside', (_, { state }) => state.split('.')[0] ?? ''),
    pos: each(0, (_, { position }) => position),
    mls: each(nothing, (_, { history }) => historyValue(history)),
    pending: each(nothing, (place) => pendingValue(place)),
    outbox: each(nothing, ({ outbox }) => sequence(outbox.map(({ value }) => value))),
  };
}

/** What the machine says is pending, with what it holds, which only the entry knows. */
function pendingValue({ participant, drafted }: Place<unknown>): TlaValue {
  const pending = participant?.snapshot.context.pending ?? null;
  if (pending === null) return sequence([]);
  const value = drafted?.value ?? '';
  const fits =
    equalValues(apply(value, 'kind') ?? '', pending.kind) &&
    equalValues(apply(value, 'at') ?? '', pending.at);
  return sequence([fits ? value : `${pending.kind} at ${pending.at}`]);
}
