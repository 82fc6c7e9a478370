import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { readNetwork } from '../runtime/network.ts';
import { clientAddress, clientShare, isSecure } from './client-address.ts';

const trusted = ['10.0.0.0/8', '192.0.2.7', 'fd00::/8'].map(readNetwork);

function request(
  remoteAddress: string | undefined,
  headers: Record<string, string | string[]> = {},
  encrypted = false,
) {
  return {
    socket: { remoteAddress, ...(encrypted ? { encrypted: true } : {}) },
    headers,
  } as unknown as IncomingMessage;
}

describe('the address of a client', () => {
  const cases: [string, string, string | undefined, string][] = [
    ['is that of its connection', '198.51.100.1', undefined, '198.51.100.1'],
    ['is never what a stranger claims in X-Forwarded-For', '198.51.100.1', '203.0.113.5', '198.51.100.1'],
    ['is told by a trusted proxy', '10.1.2.3', '203.0.113.5', '203.0.113.5'],
    ['is told by a trusted proxy of IPv6', 'fd12::1', '2001:db8::5', '2001:db8:0:0:0:0:0:5'],
    ['is the last that no trusted proxy has', '10.1.2.3', '198.51.100.9, 203.0.113.5, 192.0.2.7', '203.0.113.5'],
    ['is that of the proxy where the header holds nothing that can be read', '10.1.2.3', 'localhost', '10.1.2.3'],
    ['is the last hop that can be read', '10.1.2.3', 'nonsense, 10.9.9.9', '10.9.9.9'],
    ['is the same for IPv4 within IPv6', '::ffff:198.51.100.1', undefined, '198.51.100.1'],
    ['is told by a trusted proxy that comes as IPv4 within IPv6', '::ffff:10.1.2.3', '203.0.113.5', '203.0.113.5'],
  ];
  test.each(cases)('%s', (_, peer, forwarded, expected) => {
    expect(clientAddress(request(peer, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), trusted)).toBe(
      expected,
    );
  });

  test('is empty for a connection that has ended', () => {
    expect(clientAddress(request(undefined, { 'x-forwarded-for': '203.0.113.5' }), trusted)).toBe('');
  });

  test('takes no time to find in a long header', () => {
    const forwarded = Array.from({ length: 10_000 }, () => '10.0.0.1').join(',');
    expect(clientAddress(request('10.1.2.3', { 'x-forwarded-for': forwarded }), trusted)).toBe('10.0.0.1');
  });
});

test('limits count a network of IPv6 as one, and every address of IPv4', () => {
  const share = (address: string) => clientShare(request(address), trusted);
  expect(share('2001:db8:1:2:aaaa::1')).toBe(share('2001:db8:1:2:bbbb::ffff'));
  expect(share('2001:db8:1:2::1')).not.toBe(share('2001:db8:1:3::1'));
  expect(share('198.51.100.1')).toBe('198.51.100.1');
  expect(share('::ffff:198.51.100.1')).toBe('198.51.100.1');
  expect(clientShare(request('10.1.2.3', { 'x-forwarded-for': '2001:db8::5' }), trusted)).toBe('2001:db8:0:0:0:0:0:0');
  expect(clientShare(request(undefined), trusted)).toBe('');
});

test('a request is secure by TLS, or where a trusted proxy says so', () => {
  expect(isSecure(request('198.51.100.1', {}, true), trusted)).toBe(true);
  expect(isSecure(request('10.1.2.3', { 'x-forwarded-proto': 'https' }), trusted)).toBe(true);
  expect(isSecure(request('10.1.2.3', { 'x-forwarded-proto': 'http' }), trusted)).toBe(false);
  expect(isSecure(request('198.51.100.1', { 'x-forwarded-proto': 'https' }), trusted)).toBe(false);
  expect(isSecure(request('198.51.100.1'), trusted)).toBe(false);
});

test.each(['', '10.0.0.0/33', '10.1', '0x7f.1', 'example.org', '*'])('%j is no network', (text) => {
  expect(() => readNetwork(text)).toThrow('must be addresses or networks');
});

test.each(['0.0.0.0/0', '::/0', '128.0.0.0/1'])('%s is nobody in particular, and no trusted proxy', (text) => {
  expect(() => readNetwork(text)).toThrow('must not be networks as wide as');
});
