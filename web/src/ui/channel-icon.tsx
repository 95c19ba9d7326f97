import type { ReactNode } from 'react';
import { useTexts } from '@/lib/i18n';

const hole = 'var(--panel)';
const line = { fill: 'none', stroke: hole, strokeWidth: 1.4, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

/** Own glyphs, told apart by shape; the colour only helps. */
const glyphs: Record<string, { colour: string; glyph: ReactNode }> = {
  whatsapp: {
    colour: 'text-wa',
    glyph: (
      <>
        <path fill="currentColor" d="M8 1a7 7 0 0 0-6 10.6L1 15l3.5-.95A7 7 0 1 0 8 1Z" />
        <path
          fill={hole}
          d="M5.5 4.6c.35-.35.85-.25 1.05.15l.5 1.05c.1.25.05.5-.1.7l-.45.5c.45.95 1.15 1.65 2.1 2.1l.5-.45c.2-.15.45-.2.7-.1l1.05.5c.4.2.5.7.15 1.05-.6.65-1.35.85-2.1.6a6.3 6.3 0 0 1-4-4c-.25-.75-.05-1.5.6-2.1Z"
        />
      </>
    ),
  },
  messenger: {
    colour: 'text-ms',
    glyph: (
      <>
        <path fill="currentColor" d="M8 1C4 1 1 3.8 1 7.5c0 2 .9 3.7 2.3 4.9V15l2.4-1.3c.7.2 1.5.3 2.3.3 4 0 7-2.8 7-6.5S12 1 8 1Z" />
        <path {...line} d="m4.2 9.2 2.6-2.8 2.3 2 2.7-2.6" />
      </>
    ),
  },
  instagram: {
    colour: 'text-ig',
    glyph: (
      <>
        <rect x="1" y="1" width="14" height="14" rx="4.2" fill="currentColor" />
        <circle {...line} cx="8" cy="8.2" r="3" />
        <circle cx="11.7" cy="4.3" r="0.95" fill={hole} />
      </>
    ),
  },
  website: {
    colour: 'text-web',
    glyph: (
      <>
        <circle cx="8" cy="8" r="7" fill="currentColor" />
        <path {...line} strokeWidth={1.2} d="M1.5 8h13M8 1.5c-4 4-4 9 0 13 4-4 4-9 0-13Z" />
      </>
    ),
  },
  lead_ads: {
    colour: 'text-lead',
    glyph: (
      <>
        <rect x="2" y="1" width="12" height="14" rx="2.6" fill="currentColor" />
        <path {...line} d="M5 5h6M5 8h6M5 11h2.5" />
      </>
    ),
  },
};

const other = { colour: 'text-web', glyph: <circle cx="8" cy="8" r="5" fill="currentColor" /> };

export function ChannelIcon({ kind, size = 16 }: { kind: string; size?: number }) {
  const { common } = useTexts();
  const { colour, glyph } = glyphs[kind] ?? other;
  const names: Record<string, string> = common.channels;
  const name = names[kind] ?? kind;
  return (
    <svg role="img" aria-label={name} width={size} height={size} viewBox="0 0 16 16" className={`shrink-0 ${colour}`}>
      <title>{name}</title>
      {glyph}
    </svg>
  );
}
