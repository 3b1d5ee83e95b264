const GROUPS = 8;
const MAPPED = 0xffff;

/** Returns the key under which limits count a host: its IPv4 address, also when it is mapped, or its IPv6 /64. RL-80. */
export function addressKey(host: string): string {
  if (!host.includes(':')) return host;
  const groups = groupsOf(host);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === MAPPED) return ipv4Of(groups[6], groups[7]);
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight numbers of an IPv6 address in any spelling; a zone counts for nothing. */
function groupsOf(host: string): number[] {
  const [address = ''] = host.split('%');
  const [head = '', tail = ''] = address.split('::').map(withoutDots);
  const [front, back] = [numbersOf(head), numbersOf(tail)];
  const zeros = Array.from({ length: Math.max(0, GROUPS - front.length - back.length) }, () => 0);
  return [...front, ...zeros, ...back];
}

function numbersOf(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
}

/** Writes the last four bytes as two groups where they are written as an IPv4 address. RFC 4291 section 2.2. */
function withoutDots(part: string): string {
  return part.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

function ipv4Of(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
