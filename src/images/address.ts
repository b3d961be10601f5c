// Which IP addresses are public unicast, as tables of ranges; it knows nothing of names, ports or connections.
import { BlockList, isIP } from 'node:net';

type Range = readonly [range: string, why: string];

const IANA4 = 'IANA IPv4 special-purpose registry';

/** IPv4 ranges that are not public, by https://www.iana.org/assignments/iana-ipv4-special-registry unless said otherwise. */
export const PRIVATE_IPV4: readonly Range[] = [
  ['0.0.0.0/8', `${IANA4}: this network; 0.0.0.0 reaches loopback on Linux`],
  ['10.0.0.0/8', `${IANA4}: private use, RFC 1918`],
  ['100.64.0.0/10', `${IANA4}: carrier-grade NAT, RFC 6598; also the metadata service of one cloud`],
  ['127.0.0.0/8', `${IANA4}: loopback`],
  ['168.63.129.16/32', "Azure's platform address inside every virtual machine (learn.microsoft.com)"],
  ['169.254.0.0/16', `${IANA4}: link-local; the metadata service of most clouds`],
  ['172.16.0.0/12', `${IANA4}: private use, RFC 1918`],
  ['192.0.0.0/24', `${IANA4}: protocol assignments; the metadata service of one cloud`],
  ['192.0.2.0/24', `${IANA4}: documentation`],
  ['192.88.99.0/24', `${IANA4}: 6to4 relays, deprecated`],
  ['192.168.0.0/16', `${IANA4}: private use, RFC 1918`],
  ['198.18.0.0/15', `${IANA4}: benchmarks`],
  ['198.51.100.0/24', `${IANA4}: documentation`],
  ['203.0.113.0/24', `${IANA4}: documentation`],
  ['224.0.0.0/4', 'IANA IPv4 multicast registry'],
  ['240.0.0.0/4', `${IANA4}: reserved, and broadcast`],
];

/** IPv6 is refused unless it lies here: https://www.iana.org/assignments/ipv6-address-space */
export const UNICAST_IPV6: readonly Range[] = [['2000::/3', 'the one range given out as global unicast']];

/** Prefixes whose last 32 bits are an IPv4 address: as good as that address. */
export const CARRIERS_OF_IPV4: readonly Range[] = [
  ['::ffff:0:0/96', 'IPv4-mapped, RFC 4291'],
  ['64:ff9b::/96', 'NAT64, RFC 6052: how a network without IPv4 reaches public IPv4 hosts'],
];

/** Not public although inside the above: https://www.iana.org/assignments/iana-ipv6-special-registry */
export const PRIVATE_IPV6: readonly Range[] = [
  ['2001::/23', 'protocol assignments: Teredo, ORCHID, benchmarks'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4, deprecated: carries any IPv4 address'],
  ['3fff::/20', 'documentation'],
];

/** The tables as lists; made when the first address is judged, for it takes 9 ms. */
function makeLists(): { readonly refused: BlockList; readonly allowed: BlockList } {
  const refused = new BlockList();
  const allowed = new BlockList();
  for (const [range] of PRIVATE_IPV4) {
    add(refused, range);
    const [address, bits] = split(range);
    for (const [carrier] of CARRIERS_OF_IPV4)
      add(refused, `${split(carrier)[0].replace(/0:0$/, '')}${address}/${96 + bits}`);
  }
  for (const [range] of PRIVATE_IPV6) add(refused, range);
  for (const [range] of [...UNICAST_IPV6, ...CARRIERS_OF_IPV4]) add(allowed, range);
  return { refused, allowed };
}

let lists: ReturnType<typeof makeLists> | undefined;

/**
 * Whether an IP address in any textual form of `node:net` is public unicast.
 * @param ip an address, not a host name; anything else (also an IPv6 zone) is not public
 */
export function isPublicAddress(ip: string): boolean {
  if (ip.includes('%')) return false;
  const version = isIP(ip);
  lists ??= makeLists();
  const { refused, allowed } = lists;
  if (version === 4) return !refused.check(ip, 'ipv4');
  return version === 6 && allowed.check(ip, 'ipv6') && !refused.check(ip, 'ipv6');
}

function add(list: BlockList, range: string): void {
  const [address, bits] = split(range);
  list.addSubnet(address, bits, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

function split(range: string): readonly [address: string, bits: number] {
  const slash = range.indexOf('/');
  return [range.slice(0, slash), Number(range.slice(slash + 1))];
}
