/**
 * The face of every kind of message.
 *
 * Owns: which component shows which kind. Invariants: what is not known is shown as unsupported with its raw data, never
 * left out; nothing from a platform becomes an address without a check; no file is loaded from anywhere but this server.
 * Absent on purpose: embedded maps, link previews, pictures of ads and stories.
 */
import { Ban } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { ProductLine, ReferralCard, StoryLine } from './about';
import { AnswerFace, FormFace } from './answer';
import { AttachmentFace } from './attachment';
import { Lead } from './block';
import { ChoicesFace } from './choices';
import { ContactsFace } from './contacts';
import { LocationFace } from './location';
import { OrderFace } from './order';
import { TemplateLead } from './template';
import { TextFace } from './text';
import { UnsupportedFace } from './unsupported';
import { kindGlyph, kindLabel } from '../kinds';

function DeletedFace() {
  const t = useTexts().inbox.message;
  return (
    <p className="flex items-center gap-1.5 italic text-ink-2">
      <Ban size={14} strokeWidth={1.75} aria-hidden="true" />
      {t.deleted}
    </p>
  );
}

/** Files first, then what was written under them. */
function FilesFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const files = message.attachments;
  return (
    <>
      {files.length === 0 && !message.text && <Lead icon={kindGlyph(message.kind)}>{kindLabel(message.kind, t)}</Lead>}
      {files.length > 0 && (
        <div className={message.text ? 'mb-1 flex flex-col gap-1.5' : 'flex flex-col gap-1.5'}>
          {files.map((_, index) => (
            // By its place: when the server has the message, its file has another id and is the same to whoever looks at it.
            <AttachmentFace key={index} index={index} message={message} />
          ))}
        </div>
      )}
      <TextFace text={message.text} mentions={message.mentions} />
    </>
  );
}

/** One of ours that the platform had approved; the platforms' own templates (a product card) are not. */
function TemplateFace({ message }: { message: Message }) {
  if (message.direction === 'in') return <UnsupportedFace message={message} />;
  return (
    <>
      <TemplateLead message={message} />
      <FilesFace message={message} />
    </>
  );
}

function Content({ message }: { message: Message }) {
  switch (message.kind) {
    case 'text':
      return (
        <>
          <FilesFace message={message} />
          <ChoicesFace message={message} />
        </>
      );
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
    case 'sticker':
    case 'product':
    case 'share':
      return <FilesFace message={message} />;
    case 'template':
      return <TemplateFace message={message} />;
    case 'story_reply':
    case 'story_mention':
      return (
        <>
          <StoryLine message={message} />
          {(message.text || message.attachments.length > 0) && <FilesFace message={message} />}
        </>
      );
    case 'location':
      return <LocationFace message={message} />;
    case 'contacts':
      return <ContactsFace message={message} />;
    case 'button_reply':
    case 'list_reply':
    case 'quick_reply':
    case 'postback':
      return <AnswerFace message={message} />;
    case 'flow_reply':
      return <FormFace message={message} />;
    case 'order':
      return <OrderFace message={message} />;
    default:
      return <UnsupportedFace message={message} />;
  }
}

export function Face({ message }: { message: Message }) {
  if (message.deleted_at) return <DeletedFace />;
  return (
    <>
      <ReferralCard referral={message.referral} />
      <ProductLine product={message.product} />
      <Content message={message} />
    </>
  );
}
