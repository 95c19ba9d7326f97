import { initials } from '@/lib/format';
import { ChannelIcon } from './channel-icon';
import { Tooltip } from './tooltip';

const text: Record<number, string> = { 20: '9px', 24: '10px', 28: '11px', 32: '12px', 40: '13px', 56: '18px' };
const badge: Record<number, number> = { 20: 9, 24: 10, 28: 12, 32: 13, 40: 15, 56: 18 };

/** One of twelve hues; the same name has the same one everywhere. */
function hue(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  // The low bits alone follow the last letter too closely.
  return ((hash ^ (hash >>> 15)) >>> 0) % 12 * 30;
}

interface AvatarProps {
  /** Stands beside the avatar in words almost everywhere, hence the avatar itself is hidden from assistive technology. */
  name: string;
  size?: 20 | 24 | 28 | 32 | 40 | 56;
  channel?: string;
}

export function Avatar({ name, size = 32, channel }: AvatarProps) {
  const angle = hue(name);
  return (
    <span className="relative inline-flex shrink-0" style={{ width: size, height: size }}>
      <span
        aria-hidden
        className="flex size-full items-center justify-center rounded-full font-semibold select-none forced-colors:border"
        style={{ background: `oklch(var(--avatar) ${angle})`, color: `oklch(var(--avatar-ink) ${angle})`, fontSize: text[size], lineHeight: 1 }}
      >
        {initials(name)}
      </span>
      {channel && (
        <span className="absolute -end-0.5 -bottom-0.5 flex rounded-full bg-panel p-[1.5px]">
          <ChannelIcon kind={channel} size={badge[size]} />
        </span>
      )}
    </span>
  );
}

const SHOWN = 3;

/** Who is here, in one picture with one name. */
export function AvatarStack({ people, label }: { people: readonly { user_id: string; name: string }[]; label: string }) {
  if (people.length === 0) return null;
  const rest = people.length - SHOWN;
  return (
    <Tooltip text={label}>
      <span role="img" aria-label={label} className="inline-flex shrink-0">
        {people.slice(0, SHOWN).map((person, index) => (
          <span key={person.user_id} className={`relative flex rounded-full ring-2 ring-panel ${index > 0 ? '-ms-1' : ''}`}>
            <Avatar name={person.name} size={24} />
          </span>
        ))}
        {rest > 0 && (
          <span className="relative -ms-1 flex size-6 items-center justify-center rounded-full bg-sunken dark:bg-raised text-11 font-medium text-ink-2 ring-2 ring-panel tabular-nums">+{rest}</span>
        )}
      </span>
    </Tooltip>
  );
}
