/** A process of its own for the service, so that its processor time is told apart: serves a folder's page until it is ended. */
import { startService } from '../../../service/server.ts';

const [page] = process.argv.slice(2);
if (page === undefined) throw new Error('which page?');
const service = await startService({ page });
process.send?.(service.url);
process.once('disconnect', () => process.exit(0));
