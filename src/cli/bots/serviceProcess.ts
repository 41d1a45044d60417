/** The process of `ownService.ts`: a service on loopback until its parent goes. */
import { startService } from '../../service/server.ts';
import type { FromService } from './ownService.ts';

const bots = Number(process.argv[2]);
const say = (message: FromService): void => void process.send?.(message);

// Each bot may join anew, and all come from one address.
const room = 4 * bots + 100;
const service = await startService({
  limits: {
    ...{ connections: room, connectionsPerAddress: room, sockets: room, socketsPerAddress: room },
    ...{ joinBurst: room, participants: room },
  },
});

// Ctrl+C goes to all processes of a terminal: the bots leave first, and this one ends with its parent.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => void service.close().then(() => process.exit(0)));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  say({ cpuSeconds: (user + system) / 1e6, memoryMiB: process.memoryUsage().rss / (1 << 20) });
});
say({ url: service.url });
