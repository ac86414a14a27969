/** Whose address it is, as far as a limit can tell: one of IPv4, or the /64 that one of IPv6 belongs to. */

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Undefined for what is no address. IPv4 in an IPv6 form is IPv4. */
export function networkOf(text: string): string | undefined {
  if (ipv4.test(text)) return text;
  if (text.length > 45 || !/^[0-9A-Fa-f:.]+$/.test(text) || !text.includes(':')) return undefined;
  const groups = groupsOf(text);
  if (groups === undefined) return undefined;
  const [mapped, high = 0, low = 0] = [groups.slice(0, 6).join(':'), groups[6], groups[7]];
  if (mapped === '0:0:0:0:0:65535') return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Its eight groups. URL's own reader judges the form: it is the one in the platform that needs no socket. */
function groupsOf(text: string): readonly number[] | undefined {
  if (!URL.canParse(`http://[${text}]/`)) return undefined;
  const [head = '', tail] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [front, back] = [read(head), read(tail)];
  return [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
}
