/**
 * A port to listen on: the one that was asked for, or else the first free one from 3000 on.
 * Rejects with an Error that carries `exitCode` 2 when that is no port, or is taken.
 */
export function choosePort(asked: string | undefined, host: string): Promise<number>;
