/** Leads into the text area from elsewhere on the page. */
import type { DraftKind } from '@/api/types';
import { conversations } from '@/store/entities';

interface Taker {
  conversation: string;
  focus(kind: DraftKind): void;
}

let taker: Taker | null = null;

/** The composer that is on the page, until the returned function is called. */
export function takeFocus(next: Taker): () => void {
  taker = next;
  return () => {
    if (taker === next) taker = null;
  };
}

/** Nothing happens where another conversation is open by now. */
export function focusComposer(conversation: string, kind: DraftKind): void {
  if (taker?.conversation === conversations.resolve(conversation)) taker.focus(kind);
}
