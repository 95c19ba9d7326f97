import { useState } from 'react';
import { CalendarClock, ChevronDown } from 'lucide-react';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { IconButton } from '@/ui/icon-button';
import { Menu } from '@/ui/menu';
import { LaterDialog } from './later-dialog';
import { laterTimes } from './rules';
import type { Send } from './send';

export function SendLater({ disabled, onSend }: { disabled: boolean; onSend: Send }) {
  const t = useTexts().composer;
  const [picking, setPicking] = useState(false);
  const times = laterTimes(new Date());
  return (
    <>
      <Menu
        align="end"
        label={t.sendLater}
        trigger={
          <IconButton
            label={t.sendLater}
            disabled={disabled}
            className="w-auto! gap-0.5 px-1.5"
            icon={
              <>
                <CalendarClock size={16} strokeWidth={1.75} />
                <ChevronDown size={12} />
              </>
            }
          />
        }
        items={[
          { label: `${t.inAnHour} · ${full(times.hour)}`, onSelect: () => onSend({ at: laterTimes(new Date()).hour }) },
          { label: `${t.tomorrow} · ${full(times.tomorrow)}`, onSelect: () => onSend({ at: times.tomorrow }) },
          { label: t.pick, onSelect: () => setPicking(true) },
        ]}
      />
      {picking && <LaterDialog start={times.tomorrow} onClose={() => setPicking(false)} onPick={(at) => onSend({ at })} />}
    </>
  );
}
