/** The element at `index`, which the caller knows to be there. */
export function itemAt<T extends string | number | boolean | object>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no element ${index} of ${items.length}`);
  return item;
}
