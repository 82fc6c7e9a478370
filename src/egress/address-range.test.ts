import { expect, test } from 'vitest';
import { type AddressRange, addressRange } from './address-range.ts';

test.each<[AddressRange, string[]]>([
  ['public', ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['internal', ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fc00::1', 'fd12:3456::1']],
  [
    'forbidden',
    [
      ...['169.254.169.254', '0.0.0.0', '255.255.255.255', '224.0.0.1', '240.0.0.1', '192.0.2.1', '198.18.0.1'],
      ...['::', 'fe80::1', 'fe80::1%eth0', 'ff02::1', 'fec0::1', '100::1', '1000::1', '4000::1'],
    ],
  ],
])('%s addresses', (range, addresses) => {
  expect(addresses.map((address) => [address, addressRange(address)])).toEqual(addresses.map((one) => [one, range]));
});

test.each([
  ['mapped', '::ffff:127.0.0.1'],
  ['mapped, in hexadecimal', '::ffff:a9fe:a9fe'],
  ['mapped, of a public address', '::ffff:93.184.216.34'],
  ['compatible', '::127.0.0.1'],
  ['translated (SIIT)', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::10.0.0.1'],
  ['local NAT64', '64:ff9b:1::10.0.0.1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::'],
])('an IPv6 address that carries an IPv4 address within it is forbidden: %s', (_, address) => {
  expect(addressRange(address)).toBe('forbidden');
});

test.each(['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', 'localhost', ''])(
  'what a resolver does not write is forbidden: %s',
  (address) => {
    expect(addressRange(address)).toBe('forbidden');
  },
);
