import { CircleQuestionMark } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { Block } from './block';
import { RawButton } from './raw';
import { TextFace } from './text';

/** A kind that the platform doesn't pass on, or that came after this build. */
export function UnsupportedFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const type = message.original_type;
  return (
    <>
      <Block icon={CircleQuestionMark} title={t.kinds.unsupported} note={type ? t.faces.unsupportedType(type) : t.faces.unsupported}>
        <RawButton value={message.raw ?? message} />
      </Block>
      <TextFace text={message.text} />
    </>
  );
}
