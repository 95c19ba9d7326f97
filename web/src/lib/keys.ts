/**
 * The one registry of keyboard shortcuts.
 *
 * Owns: the only `keydown` listener for shortcuts, chords ("g i"), and the list behind the cheat sheet and the palette.
 * Invariants: nothing runs while an input method composes; text fields keep all their keys but `mod` combinations that
 * they have no use for; keys pressed inside a popup (menu, dialog) belong to the popup, so that "e" in a menu never
 * resolves the conversation behind it; what was registered last wins. Absent on purpose: remapping.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { texts } from './i18n';

export interface Shortcut {
  /** 'j', 'shift+x', 'mod+k', 'g i' (chord), '?', 'alt+ArrowRight' */
  keys: string;
  label: string;
  group: string;
  run(): void;
  enabled?: boolean;
}

const CHORD_MS = 1200;

/** A held key repeats only where that is what one wants; holding "e" must not resolve the whole inbox. */
const REPEATING = new Set(['j', 'k', 'arrowup', 'arrowdown', 'arrowleft', 'arrowright']);

/** With mod, text fields use these themselves. */
const EDITING = new Set(['a', 'c', 'v', 'x', 'y', 'z']);

interface Registration {
  list: readonly Shortcut[];
}

const registrations = new Set<Registration>();
const listeners = new Set<() => void>();
let all: readonly Shortcut[] = [];
let pending: { key: string; until: number } | null = null;

function publish(): void {
  all = [...registrations].flatMap((registration) =>
    registration.list.map((shortcut, index) => ({
      ...shortcut,
      // The list changes with every render of its owner; what is shown must still run the newest closure.
      run: () => registration.list[index]?.run(),
    })),
  );
  for (const listener of listeners) listener();
}

const signature = (list: readonly Shortcut[]) =>
  list.map(({ keys, label, group, enabled }) => `${keys}\n${label}\n${group}\n${enabled !== false}`).join('\n\n');

/** Registers these while the component is mounted. */
export function useShortcuts(list: Shortcut[]): void {
  const own = useRef<Registration>({ list });
  const shown = signature(list);
  useEffect(() => {
    own.current.list = list;
  });
  useEffect(() => {
    const registration = own.current;
    if (registrations.size === 0) addEventListener('keydown', onKeyDown);
    registrations.add(registration);
    return () => {
      registrations.delete(registration);
      if (registrations.size === 0) removeEventListener('keydown', onKeyDown);
      publish();
    };
  }, []);
  useEffect(publish, [shown]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const snapshot = () => all;

/** Everything that is registered now, in the order of registration; also what is not enabled at the moment. */
export function useAllShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, snapshot);
}

interface Combination {
  mod: boolean;
  alt: boolean;
  shift: boolean;
  key: string;
}

function parse(combination: string): Combination {
  const parts = combination.split('+');
  const key = parts.pop() || '+';
  return { mod: parts.includes('mod'), alt: parts.includes('alt'), shift: parts.includes('shift'), key: key.toLowerCase() };
}

/**
 * The key as shortcuts name it. Letters come from `key`, whatever the layout; where the layout gives no Latin letter
 * (Cyrillic, Arabic, Turkish "ı", Alt on a Mac), the place on the keyboard stands in for it.
 */
function keyOf(event: KeyboardEvent): string {
  const key = event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter && !/^[a-z]$/.test(key) && !/^[!-~]$/.test(key)) return letter.toLowerCase();
  return key;
}

/** AltGr reports Ctrl and Alt as well; what it types is a plain character. */
const typedWithAltGr = (event: KeyboardEvent) => event.key.length === 1 && event.getModifierState('AltGraph');

function matches(event: KeyboardEvent, wanted: Combination): boolean {
  if (keyOf(event) !== wanted.key) return false;
  const graph = typedWithAltGr(event);
  const mod = !graph && (event.ctrlKey || event.metaKey);
  const alt = !graph && event.altKey;
  if (mod !== wanted.mod || alt !== wanted.alt) return false;
  // "?" is a key with Shift on one layout and without on another; only letters and named keys tell the two apart.
  const symbol = wanted.key.length === 1 && !/[a-z]/.test(wanted.key);
  return symbol || event.shiftKey === wanted.shift;
}

const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);

function typesText(target: Element): boolean {
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target.closest('[contenteditable=""],[contenteditable="true"],[role="textbox"],[role="combobox"],[role="searchbox"]') !== null;
}

const POPUP = '[data-base-ui-portal],[role="dialog"],[role="alertdialog"],[role="menu"]';
const PRESSABLE = 'a[href],button,summary,input,[role="button"],[role="link"],[role="tab"],[role="checkbox"],[role="switch"]';

/** Whether where the focus is leaves this key to shortcuts. */
function allowed(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return true;
  const mod = event.ctrlKey || event.metaKey;
  const key = keyOf(event);
  if (typesText(target)) return mod && !typedWithAltGr(event) && !EDITING.has(key);
  if (target.closest(POPUP)) return mod;
  if (key === 'enter' || key === ' ') return target.closest(PRESSABLE) === null;
  return true;
}

/** The last registered comes first: a dialog's shortcuts before those of the page behind it. */
function find(test: (shortcut: Shortcut) => boolean): Shortcut | undefined {
  return [...registrations]
    .toReversed()
    .flatMap((registration) => registration.list)
    .find((shortcut) => shortcut.enabled !== false && test(shortcut));
}

/** One key after another; a space alone is the key of that name. */
const isChord = (keys: string) => keys.length > 1 && keys.includes(' ');

function onKeyDown(event: KeyboardEvent): void {
  // 229: some browsers say so instead of isComposing for the key that ends a composition.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.key === 'Shift' || event.key === 'Control' || event.key === 'Alt' || event.key === 'Meta') return;
  if (!allowed(event)) {
    pending = null;
    return;
  }
  const key = keyOf(event);
  const bare = typedWithAltGr(event) || !(event.ctrlKey || event.metaKey || event.altKey);
  if (event.repeat && !REPEATING.has(key)) return;

  const first = pending && pending.until > event.timeStamp && bare ? pending.key : null;
  pending = null;
  const chord = first === null ? undefined : find(({ keys }) => keys === `${first} ${key}`);
  const hit = chord ?? find(({ keys }) => !isChord(keys) && matches(event, parse(keys)));
  if (hit) {
    event.preventDefault();
    hit.run();
  } else if (bare && find(({ keys }) => isChord(keys) && keys.startsWith(`${key} `))) {
    pending = { key, until: event.timeStamp + CHORD_MS };
  }
}

const isMac = () => /mac|iphone|ipad/i.test(navigator.platform);

const arrows: Record<string, string> = { arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→' };

/** What is printed on the keys, one entry for each: 'mod+k' gives ['Ctrl', 'K']. */
export function keyLabel(keys: string): string[] {
  const names = texts().shell.keys;
  const labels: Record<string, string> = {
    ...arrows,
    mod: isMac() ? '⌘' : names.ctrl,
    alt: isMac() ? '⌥' : 'Alt',
    shift: names.shift,
    enter: names.enter,
    escape: names.escape,
    ' ': names.space,
  };
  return (isChord(keys) ? keys.split(' ') : [keys]).flatMap((step) => {
    const parts = step.split('+');
    if (step.endsWith('+')) parts.splice(-2, 2, '+');
    // Not by the language shown: a Turkish "İ" is printed on another key than the one meant.
    return parts.map((part) => labels[part.toLowerCase()] ?? (part.length === 1 ? part.toUpperCase() : part));
  });
}
