/** The template as it will stand on the customer's phone. */
import { CornerUpLeft, Copy, ExternalLink, FileText, Image, type LucideIcon, MapPin, Phone, Video } from 'lucide-react';
import { RichText } from '@/lib/richtext';
import { useTexts } from '@/lib/i18n';
import { type Definition, filledIn, type TemplateButton, type Values } from './definition';

const glyphs: Record<TemplateButton['kind'], LucideIcon> = { reply: CornerUpLeft, url: ExternalLink, phone: Phone, copy: Copy, other: CornerUpLeft };
const media: Record<'image' | 'video' | 'document' | 'location', LucideIcon> = { image: Image, video: Video, document: FileText, location: MapPin };

interface PreviewProps {
  definition: Definition;
  values: Values;
  /** Of the header's file, where one was chosen. */
  file: { url: string | null; name: string } | null;
}

export function Preview({ definition, values, file }: PreviewProps) {
  const t = useTexts().templates;
  const { header, body, footer, buttons } = definition;
  return (
    <section aria-label={t.preview} className="rounded-16 border border-line bg-sunken p-3">
      <div className="ms-auto max-w-80 rounded-12 rounded-se-[4px] bg-out px-3 py-2 text-14 text-out-ink shadow-low">
        {header?.format === 'text' && (
          <p className="mb-1 font-semibold [overflow-wrap:anywhere]" dir="auto">
            {filledIn(header.text, 'header', values)}
          </p>
        )}
        {header && header.format !== 'text' && <Medium format={header.format} file={file} />}
        <p className="whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
          <RichText text={filledIn(body, 'body', values)} />
        </p>
        {footer !== null && (
          <p className="mt-1 text-12 text-ink-2" dir="auto">
            {footer}
          </p>
        )}
        {buttons.length > 0 && (
          <ul className="-mx-3 mt-2 border-t border-line">
            {buttons.map(({ kind, text }, index) => {
              const Icon = glyphs[kind];
              return (
                <li key={index} className="flex items-center justify-center gap-1.5 border-b border-line px-3 py-1.5 text-13 font-medium text-accent-text last:border-b-0">
                  <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
                  <bdi>{text}</bdi>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </section>
  );
}

function Medium({ format, file }: { format: 'image' | 'video' | 'document' | 'location'; file: PreviewProps['file'] }) {
  const t = useTexts().templates;
  const Icon = media[format];
  if (format === 'image' && file?.url) return <img src={file.url} alt={file.name} className="mb-2 max-h-48 w-full rounded-8 object-cover" />;
  return (
    <div className="mb-2 flex h-28 flex-col items-center justify-center gap-1 rounded-8 bg-hover text-ink-2">
      <Icon size={24} strokeWidth={1.75} aria-hidden="true" />
      <span className="max-w-full truncate px-2 text-12">{file?.name ?? t.headers[format]}</span>
    </div>
  );
}
