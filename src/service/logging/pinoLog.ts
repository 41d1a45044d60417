import { pino, stdTimeFunctions, type DestinationStream, type LevelWithSilent } from 'pino';
import { writable, type ServiceLog } from './ServiceLog.ts';

/** JSON lines of pino: time, level, event and fields. Without the process id and the name of the machine. */
export function pinoLog(level: LevelWithSilent, to: DestinationStream): ServiceLog {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
  return (at, event, fields = {}) => {
    if (logger.isLevelEnabled(at)) logger[at](writable({ ...fields }), event);
  };
}
