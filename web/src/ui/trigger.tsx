/**
 * The trigger of a popup whose code comes later.
 *
 * The element belongs to the page from the first picture on and is never mounted anew: Base UI is given it, and gives back
 * its properties, through a `TriggerLink`. Until then a click, Enter and the arrows are kept here and open the popup as soon
 * as it can be; pointing at the trigger or focusing it fetches it, so that this is rarely needed.
 */
import { cloneElement, type ReactElement, type Ref, type RefCallback, useCallback, useState, useSyncExternalStore } from 'react';
import { popups } from './deferred';
import { type ElementProps, joinProps } from './props';

export type EntryKey = 'ArrowDown' | 'ArrowUp';

function assign(ref: Ref<HTMLElement> | undefined, element: HTMLElement | null): void {
  if (typeof ref === 'function') ref(element);
  else if (ref) ref.current = element;
}

/** What the page's element and Base UI's part of a trigger tell each other. */
export class TriggerLink {
  element: HTMLElement | null = null;
  /** With which key it was opened while the popup could not take keys yet: at that end the focus starts. */
  entry: EntryKey | null = null;
  #ref: Ref<HTMLElement> | undefined;
  #props: ElementProps | null = null;
  #listener: (() => void) | null = null;

  attach(element: HTMLElement | null): void {
    this.element = element;
    assign(this.#ref, element);
  }

  /** Hands the element to Base UI, until the returned function is called. */
  hand(ref: Ref<HTMLElement> | undefined): () => void {
    this.#ref = ref;
    assign(ref, this.element);
    return () => {
      assign(ref, null);
      this.#ref = undefined;
    };
  }

  publish(props: ElementProps | null): void {
    this.#props = props;
    this.#listener?.();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  };

  readonly props = (): ElementProps | null => this.#props;
}

interface Opening {
  open: boolean | undefined;
  onOpenChange: ((open: boolean) => void) | undefined;
}

/** State of a popup that its trigger or its owner opens. */
export function useTriggered({ open, onOpenChange }: Opening) {
  const [own, setOwn] = useState(false);
  const [awake, setAwake] = useState(false);
  const [link] = useState(() => new TriggerLink());
  const shown = open ?? own;
  // Once open it stays, so that it can close in its own way and give the focus back.
  if (shown && !awake) setAwake(true);
  const parts = popups.useLoaded(awake || shown);
  return {
    shown,
    link,
    parts,
    wake: () => popups.warm(() => setAwake(true)),
    setShown: (next: boolean) => {
      setOwn(next);
      onOpenChange?.(next);
    },
  };
}

interface TriggerProps {
  trigger: ReactElement;
  link: TriggerLink;
  kind: 'menu' | 'dialog';
  wake(): void;
  setShown(open: boolean): void;
}

export function Trigger({ trigger, link, kind, wake, setShown }: TriggerProps) {
  const theirs = useSyncExternalStore(link.subscribe, link.props);
  const props = trigger.props as ElementProps & { ref?: Ref<HTMLElement> };
  const { ref } = props;
  const attach: RefCallback<HTMLElement> = useCallback(
    (element) => {
      // A reference may come back with its own way to end.
      const end = typeof ref === 'function' ? ref(element) : assign(ref, element);
      link.attach(element);
      return () => {
        link.attach(null);
        if (typeof end === 'function') end();
        else assign(ref, null);
      };
    },
    [ref, link],
  );
  const meanwhile = {
    'aria-haspopup': kind,
    'aria-expanded': false,
    onPointerEnter: wake,
    onFocus: wake,
    onClick: (event: React.MouseEvent) => {
      // Without a press before it a click comes from the keyboard or a screen reader.
      link.entry = kind === 'menu' && event.detail === 0 ? 'ArrowDown' : null;
      setShown(true);
    },
    onKeyDown: (event: React.KeyboardEvent) => {
      if (kind !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
      event.preventDefault();
      link.entry = event.key;
      setShown(true);
    },
  };
  return cloneElement(trigger, { ...joinProps(props, theirs ?? meanwhile), ref: attach } as ElementProps);
}
