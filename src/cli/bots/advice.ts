import type { ProbeErrorCode } from '../../checking/bots/probe.ts';

/** What to do where there is no room behind a link. */
const NO_ROOM: Readonly<Record<ProbeErrorCode, string>> = {
  unreachable: 'start the service (`npm start`), or check host and port of the link',
  certificate:
    'have Node trust it: NODE_EXTRA_CA_CERTS=FILE.pem in the environment, with the certificate that the service was started with',
  no_service: 'check host and port of the link: what answers there is no delivery service of this version',
  busy: 'the service takes no more connections or rooms now: wait, or raise its limits',
  silent: 'the service does not answer: see its log, or try again',
};

export const adviceOnProbe = (code: ProbeErrorCode): string => NO_ROOM[code];

/** What to do where bots were not admitted, by the code of what went wrong last. */
const NOT_ADMITTED: Readonly<Record<string, string>> = {
  room_full: 'the room is full: fewer bots, a new call, or a higher limit of the service',
  server_full: 'the service is full: fewer bots, or a higher limit of the service',
  log_full: 'the log of the room is full: a new call',
  not_invited: 'the link is of another room: copy it again',
  too_many_joins:
    'all bots come from one address, which may not join so often: a higher limit of the service, fewer bots, or wait a minute',
  too_many_messages: 'the service takes fewer messages of one connection: raise its limit',
  queue_full: 'this machine reads too slowly for the service: fewer bots, or more machines',
  unknown_participant:
    'the service took bots for gone: this machine was too slow to answer. Fewer bots, or more machines',
  connection: 'connections failed: is the service up, and does it take that many from one address?',
  core_lost: 'the MLS core trapped: please report this, with the records (--record FOLDER)',
  bad_commit: 'a commit could not be followed: please report this, with the records (--record FOLDER)',
  split: 'the service has shown different logs: keep the records (--record FOLDER), and do not trust it',
  gave_up: 'bots joined anew too often: see the troubles, or try fewer bots',
};

export const adviceOn = (code: string | null): string =>
  (code === null ? undefined : NOT_ADMITTED[code]) ??
  'more time (--within SECONDS), or fewer bots on this machine';
