import { expect, test, vi } from 'vitest';
import { standingOf, watchPage } from './left-page.ts';

/** A window whose page was made for `lu`. */
function page(now: () => Promise<string>) {
  const listeners = new Map<string, (event: { persisted: boolean }) => void>();
  const listening = {
    addEventListener: (type: string, listener: never) => void listeners.set(type, listener),
    removeEventListener: (type: string) => void listeners.delete(type),
  };
  const body = { hidden: false };
  const reload = vi.fn();
  const place = { ...listening, document: { ...listening, body, visibilityState: 'visible' }, location: { reload } };
  const end = watchPage(place as never, standingOf('lu', 'role-1'), now);
  const happens = (type: string, persisted = false) => listeners.get(type)?.({ persisted });
  return { body, reload, happens, end, listeners };
}

test('a page that the back button brings up whole shows nothing, and is begun anew', () => {
  const { body, reload, happens } = page(async () => standingOf('lu', 'role-1'));
  happens('pageshow');
  expect(reload).not.toHaveBeenCalled();
  happens('pageshow', true);
  expect([body.hidden, reload.mock.calls.length]).toEqual([true, 1]);
});

test.each([
  ['the same person in the same role', standingOf('lu', 'role-1'), 0],
  ['another person', standingOf('lc', 'role-2'), 1],
  ['the same person in another role', standingOf('lu', 'role-2'), 1],
])('taken up again by %s', async (_, now, times) => {
  const { reload, happens } = page(async () => now);
  happens('visibilitychange');
  await Promise.resolve();
  await Promise.resolve();
  expect(reload).toHaveBeenCalledTimes(times);
});

test('without a net the page stays, and what ended listens no more', async () => {
  const { reload, happens, end, listeners } = page(() => Promise.reject(new TypeError('no net')));
  happens('visibilitychange');
  await Promise.resolve();
  expect(reload).not.toHaveBeenCalled();
  end();
  expect(listeners.size).toBe(0);
});
