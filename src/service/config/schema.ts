/** The configuration of the service: one JSON file, one schema. Every field has a default and a description. */
import { isIP } from 'node:net';
import * as v from 'valibot';
import { SERVICE_LIMITS, type ServiceLimits } from '../delivery/limits.ts';

/** Levels of the log, from silent to talkative. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** A field that may be left out, and what it is for. */
const field = <S extends v.GenericSchema>(schema: S, fallback: v.InferInput<S>, description: string) =>
  v.optional(v.pipe(schema, v.description(description)), () => fallback);

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
const address = v.pipe(
  v.string(),
  v.check((text) => isIP(text) !== 0, 'an IPv4 or IPv6 address'),
);
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));
const flag = v.boolean();

/** An address, or a network like 10.0.0.0/8. */
const network = v.pipe(
  v.string(),
  v.check((it) => {
    const [base = '', bits, more] = it.split('/');
    const family = isIP(base);
    if (family === 0 || more !== undefined) return false;
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  }, 'an address, or a network like 10.0.0.0/8'),
);

const range = v.pipe(
  v.tuple([port, port]),
  // The stack takes no range of one.
  v.check(([first, last]) => first >= 1_024 && first < last, 'first and last port, 1024 or higher'),
);

/** Each of SERVICE_LIMITS, as a whole number. Zero is a limit too: of a rate or a queue it lets nothing through. */
const limitEntries = Object.fromEntries(
  Object.entries(SERVICE_LIMITS).map(([name, fallback]) => [
    name,
    v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)), fallback),
  ]),
) as unknown as { readonly [K in keyof ServiceLimits]: v.OptionalSchema<v.NumberSchema<undefined>, number> };

export const ConfigSchema = v.strictObject({
  host: field(v.nullable(text), null, 'address to listen on; 127.0.0.1, with `lan` all of this machine'),
  port: field(
    v.nullable(port),
    null,
    'port to listen on, 0 for any free one; the first free one from 3000 on',
  ),
  announce: field(
    v.pipe(v.array(address), v.maxLength(16)),
    [],
    'IP addresses at which browsers reach this machine by UDP, for media; those of this machine where `host` is not loopback',
  ),
  udpPorts: field(
    v.nullable(range),
    null,
    'first and last UDP port for media, one for each participant and announced address; any',
  ),
  tcp: field(
    flag,
    false,
    'take media by TCP as well, at the same addresses and ports, from networks without UDP',
  ),
  tls: field(
    v.strictObject({
      cert: field(v.nullable(text), null, 'file with the certificate and its chain, PEM'),
      key: field(v.nullable(text), null, 'file with its private key, PEM'),
    }),
    {},
    'HTTPS and WSS',
  ),
  lan: field(flag, false, 'serve other machines of this network over HTTPS, with a certificate made here'),
  trustedProxies: field(
    v.pipe(v.array(network), v.maxLength(64)),
    [],
    'addresses or networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count',
  ),
  data: field(
    v.nullable(text),
    null,
    'folder for what is kept between starts; without one, logs end with the service',
  ),
  page: field(v.nullable(text), null, 'folder with the built page; demo/dist'),
  log: field(
    v.strictObject({ level: field(v.picklist(LOG_LEVELS), 'warn', `one of ${LOG_LEVELS.join(', ')}`) }),
    {},
    'structured log, JSON lines on standard error',
  ),
  metrics: field(
    v.strictObject({
      host: field(text, '127.0.0.1', 'address on which metrics are served, at /metrics'),
      port: field(v.nullable(port), null, 'port of it; off'),
    }),
    {},
    'figures for Prometheus, on a port of their own',
  ),
  stopMs: field(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600_000)),
    5_000,
    'milliseconds that connections have to end when the service is told to stop',
  ),
  limits: field(v.strictObject(limitEntries), {}, 'the table in src/service/delivery/limits.ts'),
});

/** What is in force. */
export type Config = v.InferOutput<typeof ConfigSchema>;

/** A setting that is no folder of others. */
export interface Leaf {
  /** Where it is, like `tls.cert`. */
  readonly path: readonly string[];
  /** Null where the table of limits says it. */
  readonly description: string | null;
  /** How its text in the environment or on the command line is read. */
  readonly kind: 'text' | 'number' | 'flag' | 'list' | 'range';
}

type Unwrapped = v.GenericSchema & {
  readonly entries?: Record<string, v.GenericSchema>;
  readonly wrapped?: v.GenericSchema;
  readonly pipe?: readonly v.GenericSchema[];
};

/** The schema below `optional`, `nullable` and `pipe`. */
function bare(schema: v.GenericSchema): Unwrapped {
  const { wrapped, pipe } = schema as Unwrapped;
  const [first] = pipe ?? [];
  if (wrapped !== undefined) return bare(wrapped);
  return first === undefined || first === schema ? schema : bare(first);
}

const KINDS: Readonly<Record<string, Leaf['kind']>> = {
  number: 'number',
  boolean: 'flag',
  array: 'list',
  tuple: 'range',
};

function leavesOf(schema: v.GenericSchema, path: readonly string[]): Leaf[] {
  const { entries, type } = bare(schema);
  if (entries !== undefined)
    return Object.entries(entries).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
  const outer = (schema as Unwrapped).wrapped;
  const description = outer === undefined ? undefined : v.getDescription(outer);
  return [{ path, description: description ?? null, kind: KINDS[type] ?? 'text' }];
}

/** Every setting, in the order of the schema. */
export const LEAVES: readonly Leaf[] = leavesOf(ConfigSchema, []);
