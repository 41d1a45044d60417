/**
 * The options of `npm start`, as `readOptions` wants them: known before anything is installed. The schema of the
 * configuration says what they mean; a test holds the two together.
 */
export const serveOptions = {
  flags: ['lan', 'tcp', 'print-config'],
  values: [
    ...['config', 'host', 'port', 'announce', 'udp-ports', 'cert', 'key', 'trusted-proxies'],
    ...['data', 'page', 'log-level', 'metrics-host', 'metrics-port', 'stop-ms'],
  ],
};
