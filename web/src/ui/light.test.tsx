import { act, type ReactElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let root: Root;

/** The kit as after a reload: nothing but the light halves is here. */
async function render(make: (kit: Kit) => ReactElement) {
  vi.resetModules();
  const kit = { ...(await import('./menu')), ...(await import('./popover')), ...(await import('./dialog')), ...(await import('./icon-button')), ...(await import('./toast')) };
  const { UiProvider } = await import('./provider');
  const { popups } = await import('./deferred');
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () => root.render(<UiProvider>{make(kit)}</UiProvider>));
  const loaded = () => act(async () => new Promise<void>((resolve) => popups.warm(() => setTimeout(resolve, 50))));
  return { kit, loaded };
}

type Kit = typeof import('./menu') & typeof import('./popover') & typeof import('./dialog') & typeof import('./icon-button') & typeof import('./toast');

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // The fetch ahead would blur which act fetched what.
  vi.stubGlobal('requestIdleCallback', () => 0);
  vi.stubGlobal('cancelIdleCallback', () => undefined);
});

afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const button = (name: string) => [...document.querySelectorAll('button')].find((one) => one.textContent === name || one.getAttribute('aria-label') === name)!;
const menu = () => document.querySelector('[role="menu"]');
const items = [{ label: 'First' }, { label: 'Last' }];

it('opens a menu at the first click, on the trigger that was there', async () => {
  const clicked = vi.fn();
  const { loaded } = await render(({ Menu }) => <Menu trigger={<button onClick={clicked}>More</button>} items={items} />);
  const trigger = button('More');
  expect(trigger.getAttribute('aria-haspopup')).toBe('menu');
  expect(trigger.getAttribute('aria-expanded')).toBe('false');
  trigger.focus();
  await act(async () => trigger.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));
  await loaded();
  expect(menu()?.textContent).toBe('FirstLast');
  expect(button('More')).toBe(trigger);
  expect(trigger.getAttribute('aria-expanded')).toBe('true');
  expect(clicked).toHaveBeenCalledTimes(1);
});

it.each([
  ['ArrowDown', 'First'],
  ['ArrowUp', 'Last'],
])('opens a menu on %s and goes to an item', async (key, label) => {
  const { loaded } = await render(({ Menu }) => <Menu trigger={<button>More</button>} items={items} />);
  await act(async () => {
    button('More').focus();
    button('More').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
  await loaded();
  expect(document.activeElement?.textContent).toBe(label);
});

it('opens a menu on Enter, of which browsers make a click without a press, and gives the focus back', async () => {
  const { loaded } = await render(({ Menu }) => <Menu trigger={<button>More</button>} items={items} />);
  const trigger = button('More');
  await act(async () => {
    trigger.focus();
    trigger.click();
  });
  await loaded();
  expect(document.activeElement?.textContent).toBe('First');
  await act(async () => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })));
  await loaded();
  expect(menu()).toBeNull();
  expect(document.activeElement).toBe(trigger);
});

it('opens again by Base UI once it is here, with the same element', async () => {
  const { loaded } = await render(({ Menu }) => <Menu trigger={<button>More</button>} items={items} />);
  const trigger = button('More');
  await act(async () => trigger.focus());
  await loaded();
  expect(document.activeElement).toBe(trigger);
  await act(async () => trigger.click());
  await loaded();
  expect(menu()).not.toBeNull();
  expect(button('More')).toBe(trigger);
});

it('opens what its owner opens', async () => {
  const close = vi.fn();
  const { loaded } = await render(({ Menu, Popover, Dialog }) => (
    <>
      <Menu open onOpenChange={close} trigger={<button>More</button>} items={items} />
      <Popover open onOpenChange={close} label="Labels" trigger={<button>Labels</button>}>
        Known labels
      </Popover>
      <Dialog open onClose={close} title="Shortcuts">
        Keys
      </Dialog>
    </>
  ));
  await loaded();
  expect(menu()).not.toBeNull();
  expect(document.body.textContent).toContain('Known labels');
  expect(document.body.textContent).toContain('Shortcuts');
});

it('shows a toast that was said before anything could show it', async () => {
  const { kit, loaded } = await render(() => <p>Page</p>);
  await act(async () => kit.toast({ title: 'Saved' }));
  await loaded();
  expect(document.body.textContent).toContain('Saved');
});

it('shows the name of an icon after a moment, once at a time, until Escape', async () => {
  const { loaded } = await render(({ IconButton }) => (
    <>
      <IconButton label="Search" icon={null} />
      <IconButton label="Details" icon={null} />
    </>
  ));
  const rest = (ms: number) => act(async () => new Promise((resolve) => setTimeout(resolve, ms)));
  const point = (name: string) => act(async () => button(name).dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' })));
  await point('Search');
  await loaded();
  expect(document.body.textContent).toBe('');
  await rest(500);
  expect(document.body.textContent).toBe('Search');
  await point('Details');
  await rest(50);
  expect(document.body.textContent).toBe('Details');
  await act(async () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
  await rest(300);
  expect(document.body.textContent).toBe('');
});
