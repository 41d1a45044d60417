/** A worker that never takes its transforms up, as one that has no keys yet. */
addEventListener('rtctransform', () => undefined);
