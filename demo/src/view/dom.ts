type Attributes = Readonly<Record<string, string | boolean | EventListener>>;
type Child = Node | string | null;

/** Makes an element. `on…` attributes are listeners; true and false set and leave out; null children are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Replaces the children of an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== null));
}

/** Sets the text of an element, where it is another. */
export function text(element: Element, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}
