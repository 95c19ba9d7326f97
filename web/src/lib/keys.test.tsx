import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyLabel, type Shortcut, useAllShortcuts, useShortcuts } from './keys';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let seen: readonly Shortcut[] = [];

function Uses({ list }: { list: Shortcut[] }) {
  useShortcuts(list);
  return null;
}
function Sees() {
  seen = useAllShortcuts();
  return null;
}

const shortcut = (keys: string, run: () => void, more: Partial<Shortcut> = {}): Shortcut => ({ keys, label: keys, group: 'test', run, ...more });

function show(...lists: Shortcut[][]): void {
  act(() =>
    root.render(
      <>
        <Sees />
        {lists.map((list, index) => (
          <Uses key={index} list={list} />
        ))}
      </>,
    ),
  );
}

function press(key: string, init: KeyboardEventInit & { keyCode?: number } = {}, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  if (init.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: init.keyCode });
  act(() => {
    target.dispatchEvent(event);
  });
  return event;
}

function put(html: string): Element {
  const holder = document.createElement('div');
  const [, tag = 'div', attributes = ''] = /^<(\w+)(.*)>$/.exec(html) ?? [];
  const element = document.createElement(tag);
  for (const [, name, value] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) element.setAttribute(name ?? '', value ?? '');
  holder.append(element);
  document.body.append(holder);
  return element;
}

beforeEach(() => {
  root = createRoot(document.createElement('div'));
});
afterEach(() => {
  act(() => root.unmount());
  document.body.replaceChildren();
});

describe('shortcuts', () => {
  it('run while mounted, with the newest closure', () => {
    const [first, second] = [vi.fn(), vi.fn()];
    show([shortcut('j', first)]);
    show([shortcut('j', second)]);
    expect(press('j').defaultPrevented).toBe(true);
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
    show();
    expect(press('j').defaultPrevented).toBe(false);
    expect(second).toHaveBeenCalledOnce();
  });

  it('are listed, and the list runs them too', () => {
    const run = vi.fn();
    show([shortcut('j', run)], [shortcut('mod+k', run)]);
    expect(seen.map(({ keys }) => keys)).toEqual(['j', 'mod+k']);
    seen[0]?.run();
    expect(run).toHaveBeenCalledOnce();
    show();
    expect(seen).toEqual([]);
  });

  it('give way to the one registered last', () => {
    const [page, dialog] = [vi.fn(), vi.fn()];
    show([shortcut('e', page)], [shortcut('e', dialog)]);
    press('e');
    expect(page).not.toHaveBeenCalled();
    expect(dialog).toHaveBeenCalledOnce();
  });

  it('do nothing while disabled', () => {
    const run = vi.fn();
    show([shortcut('e', run, { enabled: false })]);
    press('e');
    expect(run).not.toHaveBeenCalled();
  });

  it('tell modifiers apart', () => {
    const [plain, shifted, alt, mod] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
    show([shortcut('x', plain), shortcut('shift+x', shifted), shortcut('alt+ArrowRight', alt), shortcut('mod+k', mod)]);
    press('x');
    press('X', { shiftKey: true });
    press('ArrowRight', { altKey: true });
    press('ArrowRight');
    press('k', { ctrlKey: true });
    press('k', { metaKey: true });
    expect([plain, shifted, alt, mod].map((run) => run.mock.calls.length)).toEqual([1, 1, 1, 2]);
  });

  it('find symbols on every layout', () => {
    const run = vi.fn();
    show([shortcut('?', run), shortcut('/', run)]);
    press('?', { shiftKey: true });
    press('/', { shiftKey: true, code: 'Digit7' });
    press('/');
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('take the place of a key where the layout has no Latin letter', () => {
    const run = vi.fn();
    show([shortcut('j', run), shortcut('g i', run)]);
    press('о', { code: 'KeyJ' });
    press('g', { code: 'KeyG' });
    press('ı', { code: 'KeyI' });
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('repeat only where a held key means more of the same', () => {
    const [walk, resolve] = [vi.fn(), vi.fn()];
    show([shortcut('j', walk), shortcut('e', resolve)]);
    press('j', { repeat: true });
    press('e', { repeat: true });
    expect(walk).toHaveBeenCalledOnce();
    expect(resolve).not.toHaveBeenCalled();
  });
});

describe('chords', () => {
  it('run after both keys, in order', () => {
    const [chord, single] = [vi.fn(), vi.fn()];
    show([shortcut('g i', chord), shortcut('i', single)]);
    press('g');
    press('i');
    expect(chord).toHaveBeenCalledOnce();
    expect(single).not.toHaveBeenCalled();
    press('i');
    expect(single).toHaveBeenCalledOnce();
  });

  it('are forgotten after another key', () => {
    const [chord, single] = [vi.fn(), vi.fn()];
    show([shortcut('g i', chord), shortcut('j', single)]);
    press('g');
    press('j');
    press('i');
    expect(chord).not.toHaveBeenCalled();
    expect(single).toHaveBeenCalledOnce();
  });

  it('survive a modifier on the way', () => {
    const chord = vi.fn();
    show([shortcut('g i', chord)]);
    press('g');
    press('Shift', { shiftKey: true });
    press('i');
    expect(chord).toHaveBeenCalledOnce();
  });

  it('do not wait for ever', () => {
    const chord = vi.fn();
    show([shortcut('g i', chord)]);
    const late = press('g');
    const event = new KeyboardEvent('keydown', { key: 'i', bubbles: true });
    Object.defineProperty(event, 'timeStamp', { value: late.timeStamp + 5000 });
    document.body.dispatchEvent(event);
    expect(chord).not.toHaveBeenCalled();
  });
});

describe('keys that belong to others', () => {
  it.each(['<input type="text">', '<textarea>', '<div contenteditable="true">', '<div role="textbox">', '<select>'])('stay in %s', (html) => {
    const run = vi.fn();
    show([shortcut('j', run), shortcut('mod+z', run)]);
    const field = put(html);
    press('j', {}, field);
    press('z', { ctrlKey: true }, field);
    expect(run).not.toHaveBeenCalled();
  });

  it('leave text fields the palette, and checkboxes everything', () => {
    const run = vi.fn();
    show([shortcut('mod+k', run), shortcut('j', run)]);
    press('k', { ctrlKey: true }, put('<textarea>'));
    press('j', {}, put('<input type="checkbox">'));
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('stay in menus and dialogs', () => {
    const run = vi.fn();
    show([shortcut('e', run), shortcut('mod+k', run)]);
    const menu = put('<div role="menu">');
    press('e', {}, menu);
    expect(run).not.toHaveBeenCalled();
    press('k', { ctrlKey: true }, menu);
    expect(run).toHaveBeenCalledOnce();
  });

  it('press the button that has the focus', () => {
    const run = vi.fn();
    show([shortcut('Enter', run)]);
    press('Enter', {}, put('<button type="button">'));
    expect(run).not.toHaveBeenCalled();
    press('Enter');
    expect(run).toHaveBeenCalledOnce();
  });

  it('compose', () => {
    const run = vi.fn();
    show([shortcut('j', run)]);
    press('j', { isComposing: true });
    press('j', { keyCode: 229 });
    expect(run).not.toHaveBeenCalled();
  });

  it('were handled already', () => {
    const run = vi.fn();
    show([shortcut('j', run)]);
    const target = put('<div id="x">');
    target.addEventListener('keydown', (event) => event.preventDefault());
    press('j', {}, target);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('labels', () => {
  it('say what is printed on the keys', () => {
    expect(keyLabel('g i')).toEqual(['G', 'I']);
    expect(keyLabel('mod+k')).toEqual(['Ctrl', 'K']);
    expect(keyLabel('alt+ArrowRight')).toEqual(['Alt', '→']);
    expect(keyLabel('shift+x')).toEqual(['Shift', 'X']);
    expect(keyLabel('?')).toEqual(['?']);
    expect(keyLabel('mod++')).toEqual(['Ctrl', '+']);
    expect(keyLabel(' ')).toEqual(['Space']);
  });
});
