/** A glyph for each kind of message; a kind that came after this build has the one of unsupported messages. */
import {
  CircleQuestionMark,
  ClipboardList,
  Contact,
  FileText,
  Image,
  ListChecks,
  MapPin,
  Mic,
  MousePointerClick,
  Music,
  Package,
  Share2,
  ShoppingBag,
  Sparkles,
  Sticker,
  Video,
  type LucideIcon,
} from 'lucide-react';
import type { AllTexts } from '@/lib/i18n';
import { own } from '@/lib/own';

export type InboxTexts = AllTexts['inbox'];

const glyphs: Record<string, LucideIcon> = {
  image: Image,
  video: Video,
  audio: Music,
  voice: Mic,
  document: FileText,
  sticker: Sticker,
  location: MapPin,
  contacts: Contact,
  button_reply: MousePointerClick,
  list_reply: ListChecks,
  flow_reply: ClipboardList,
  quick_reply: MousePointerClick,
  postback: MousePointerClick,
  order: ShoppingBag,
  product: Package,
  template: Package,
  share: Share2,
  story_reply: Sparkles,
  story_mention: Sparkles,
};

export function isKnownKind(kind: string): boolean {
  return own(glyphs, kind) !== undefined;
}

export function kindGlyph(kind: string): LucideIcon {
  return own(glyphs, kind) ?? CircleQuestionMark;
}

export function kindLabel(kind: string, t: InboxTexts): string {
  return own<string>(t.kinds, kind) ?? t.kinds.unsupported;
}
