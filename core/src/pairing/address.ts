/** The host and port of a relay. */
export interface HostPort {
  /** The host in lower case; IPv6 without brackets. */
  readonly host: string;
  /** 1 to 65,535; undefined when the text names none. */
  readonly port: number | undefined;
}

const HOST_PORT = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?))(?::(\d{1,5}))?$/;
const PORT_MAX = 65_535;

/** Reads `host[:port]`, with IPv6 in brackets; undefined for other text. CL-34, PA-03. */
export function readHostPort(text: string): HostPort | undefined {
  const [, ipv6, name, digits] = HOST_PORT.exec(text.toLowerCase()) ?? [];
  const host = ipv6 ?? name;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (ipv6 !== undefined && !URL.canParse(`http://[${ipv6}]`))) return undefined;
  return port === 0 || (port !== undefined && port > PORT_MAX) ? undefined : { host, port };
}
