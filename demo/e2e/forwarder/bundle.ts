/** What the servers of test pages share: scripts built for the browser, and WebSockets that join the forwarding server. */
import { type Server } from 'node:http';
import { build, type Rolldown } from 'vite';
import { WebSocketServer } from 'ws';
import { type Forwarder } from '../../../src/service/forwarder/Forwarder.ts';

/** Builds each file into one script; by its path on the server, `/NAME.js`. */
export async function bundle(root: string, input: Record<string, string>): Promise<Map<string, string>> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    root,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input, output: { entryFileNames: '[name].js' } },
    },
  })) as Rolldown.RolldownOutput;
  return new Map(
    output.flatMap((chunk) => (chunk.type === 'chunk' ? [[`/${chunk.fileName}`, chunk.code]] : [])),
  );
}

/** Joins WebSockets to the forwarding server by what their URL asks for. Gives the way to cut them all. */
export function joinSockets(server: Server, forwarder: Forwarder): () => void {
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const connection = forwarder.join(
      query.get('room') ?? 'room',
      query.get('participant') ?? '',
      (message) => socket.send(JSON.stringify(message)),
    );
    socket.on('message', (data) => connection.receive(JSON.parse((data as Buffer).toString('utf8'))));
    socket.on('close', () => connection.close());
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}
