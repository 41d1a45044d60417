/** A worker without encryption, for the test of the forwarding server alone: frames pass as they are. */
interface ScriptTransformer {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
  readonly options: { readonly direction: 'send' | 'receive' };
}

const counts = { send: 0, receive: 0 };

addEventListener('rtctransform', (event) => {
  const { transformer } = event as Event & { transformer: ScriptTransformer };
  const { direction } = transformer.options;
  const counter = new TransformStream({
    transform(frame: unknown, controller) {
      counts[direction] += 1;
      controller.enqueue(frame);
    },
  });
  void transformer.readable.pipeThrough(counter).pipeTo(transformer.writable);
});

addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data === 'counts') postMessage({ type: 'counts', counts });
  else postMessage(event.data);
});
