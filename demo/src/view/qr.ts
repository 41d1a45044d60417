import { qrPicture } from '../../../src/verification/qr.ts';

const NAMESPACE = 'http://www.w3.org/2000/svg';

function shape(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** A text as a QR code: dark on white whatever the colours of the page are, as cameras want it. */
export function qrCode(content: string, label: string): SVGElement {
  const { size, path } = qrPicture(content);
  const side = String(size);
  const picture = shape('svg', {
    viewBox: `0 0 ${side} ${side}`,
    class: 'qr',
    role: 'img',
    'aria-label': label,
    'shape-rendering': 'crispEdges',
  });
  picture.append(
    shape('rect', { width: side, height: side, fill: '#fff' }),
    shape('path', { d: path, fill: '#000' }),
  );
  return picture;
}
