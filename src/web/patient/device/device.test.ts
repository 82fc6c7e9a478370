import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { KEPT_MS, openDevice } from './device.ts';
import { memoryDrawer, type SealedRecord } from './drawer.ts';

const key = (): string => randomBytes(32).toString('base64');
type Entry = [string, SealedRecord];
const SECRET = 'smerte, hver dag';

test('the same person reads at the next visit what was kept, and nobody else does', async () => {
  const drawer = memoryDrawer();
  const [mine, others] = [key(), key()];
  const now = () => 0;
  const device = await openDevice<string>({ drawer, deviceKey: mine, now });
  await device.write('order-1', SECRET);
  const again = await openDevice<string>({ drawer, deviceKey: mine, now });
  expect(await again.read('order-1')).toBe(SECRET);

  const next = await openDevice<string>({ drawer, deviceKey: others, now });
  expect(await next.read('order-1')).toBeUndefined();
  await next.write('order-1', 'own');
  expect(await again.read('order-1')).toBe(SECRET);
});

test('neither the name of a record nor what is in it can be read without the key', async () => {
  const drawer = memoryDrawer();
  const device = await openDevice<string>({ drawer, deviceKey: key(), now: () => 0 });
  await device.write('order-1', SECRET);
  const [name, record] = (await drawer.entries())[0]!;
  expect(name).toMatch(/^[0-9a-f]{64}$/);
  const bytes = Buffer.from(record.sealed).toString('latin1');
  expect(bytes).not.toContain('smerte');
});

test('a record that was put under another name, or changed, opens no more', async () => {
  const drawer = memoryDrawer();
  const deviceKey = key();
  const device = await openDevice<string>({ drawer, deviceKey, now: () => 0 });
  await device.write('order-1', 'one');
  await device.write('order-2', 'two');
  const [[one, first], [two, second]] = (await drawer.entries()) as [Entry, Entry];
  await drawer.put(one, second);
  await drawer.put(two, first);
  expect(await device.read('order-1')).toBeUndefined();
  expect(await device.read('order-2')).toBeUndefined();
});

test('the same answers are never sealed the same way twice', async () => {
  const drawer = memoryDrawer();
  const device = await openDevice<string>({ drawer, deviceKey: key(), now: () => 0 });
  const sealed = async () => Buffer.from((await drawer.entries())[0]?.[1].sealed ?? new ArrayBuffer(0)).toString('hex');
  await device.write('order-1', SECRET);
  const before = await sealed();
  await device.write('order-1', SECRET);
  expect(await sealed()).not.toBe(before);
});

test("what nobody has touched for 30 days is gone, whoever's it was", async () => {
  const drawer = memoryDrawer();
  const device = await openDevice<string>({ drawer, deviceKey: key(), now: () => 0 });
  await device.write('order-1', SECRET);
  await openDevice({ drawer, deviceKey: key(), now: () => KEPT_MS });
  expect(await drawer.entries()).toHaveLength(1);
  await openDevice({ drawer, deviceKey: key(), now: () => KEPT_MS + 1 });
  expect(await drawer.entries()).toEqual([]);
});

test('what is deleted is gone', async () => {
  const drawer = memoryDrawer();
  const device = await openDevice<string>({ drawer, deviceKey: key(), now: () => 0 });
  await device.write('order-1', SECRET);
  await device.delete('order-1');
  expect(await drawer.entries()).toEqual([]);
});
