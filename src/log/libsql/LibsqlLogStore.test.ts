import { describeLogs } from '../contract.ts';
import { LibsqlLogStore } from './LibsqlLogStore.ts';
import { newFolder } from './testing.ts';

describeLogs('a log in a file', () => {
  const { folder, remove } = newFolder();
  let store: LibsqlLogStore | null = null;
  return {
    isDurable: true,
    open: async (entries) => (store = await LibsqlLogStore.open({ folder, ...(entries && { entries }) })),
    close: async () => store?.close(),
    end: () => Promise.resolve(remove()),
  };
});
