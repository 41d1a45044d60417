/** Which camera and which microphone the user chose, kept by this browser. */
export type DeviceKind = 'camera' | 'microphone';

const keyOf = (kind: DeviceKind): string => `device: ${kind}`;

/** A deviceId (W3C Media Capture and Streams); null: whichever the browser takes. Its device may be gone. */
export function chosenDevice(kind: DeviceKind): string | null {
  try {
    return localStorage.getItem(keyOf(kind));
  } catch {
    return null; // The user keeps sites from storing anything.
  }
}

/** @param id null: whichever the browser takes */
export function chooseDevice(kind: DeviceKind, id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(keyOf(kind));
    else localStorage.setItem(keyOf(kind), id);
  } catch {
    // Where nothing can be stored, the browser takes one.
  }
}
