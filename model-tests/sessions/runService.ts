/** The service in a process of its own, with its logs in a file, for tests that kill it. Prints its URL. */
import { LibsqlLogStore } from '../../src/log/libsql/LibsqlLogStore.ts';
import { startService } from '../../src/service/server.ts';

const [folder = '', port = '0', limits = '{}'] = process.argv.slice(2);
const service = await startService({
  store: await LibsqlLogStore.open({ folder }),
  port: Number(port),
  limits: JSON.parse(limits) as Record<string, number>,
});
console.log(service.url);
