import { AlarmClock, Check, RotateCcw, Tag, UserRound, X } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import type { Run } from './acts';
import { LabelsPopover } from './labels';
import { AssignMenu, type MenuName, SnoozeMenu } from './menus';

interface BulkProps {
  count: number;
  /** The list shows resolved ones: they are reopened rather than resolved. */
  resolved: boolean;
  known: readonly string[];
  menu: MenuName | null;
  setMenu(menu: MenuName | null): void;
  run: Run;
  onAll(): void;
  onClear(): void;
  className: string;
}

/** What to do with the ticked conversations; stands in place of the list's tools, so nothing moves. */
export function BulkBar({ count, resolved, known, menu, setMenu, run, onAll, onClear, className }: BulkProps) {
  const t = useTexts().inbox;
  const opened = (name: MenuName) => ({ open: menu === name, onOpenChange: (open: boolean) => setMenu(open ? name : null) });
  return (
    <div role="toolbar" aria-label={t.bulk.label} className={`flex flex-col justify-center gap-1 bg-accent-soft px-2 ${className}`}>
      <div className="flex items-center gap-1">
        <IconButton label={t.bulk.clear} shortcut="Escape" size="sm" icon={<X size={16} />} onClick={onClear} />
        <span className="text-13 font-medium tabular-nums" aria-live="polite">
          {t.bulk.selected(count)}
        </span>
        <Button variant="plain" size="sm" className="ms-auto" onClick={onAll}>
          {t.bulk.all}
        </Button>
      </div>
      <div className="flex items-center gap-1">
        {resolved ? (
          <IconButton
            label={t.actions.reopen}
            shortcut="e"
            size="sm"
            icon={<RotateCcw size={16} strokeWidth={1.75} />}
            onClick={() => run({ type: 'status', status: 'open' })}
          />
        ) : (
          <IconButton
            label={t.actions.resolve}
            shortcut="e"
            size="sm"
            icon={<Check size={16} strokeWidth={1.75} />}
            onClick={() => run({ type: 'status', status: 'resolved' })}
          />
        )}
        <AssignMenu
          {...opened('assign')}
          assignee={undefined}
          run={run}
          trigger={<IconButton label={t.actions.assign} shortcut="a" size="sm" icon={<UserRound size={16} strokeWidth={1.75} />} />}
        />
        <SnoozeMenu
          {...opened('snooze')}
          snoozed={false}
          run={run}
          trigger={<IconButton label={t.actions.snooze} shortcut="s" size="sm" icon={<AlarmClock size={16} strokeWidth={1.75} />} />}
        />
        <LabelsPopover
          {...opened('labels')}
          labels={undefined}
          known={known}
          run={run}
          trigger={<IconButton label={t.actions.addLabel} shortcut="#" size="sm" icon={<Tag size={16} strokeWidth={1.75} />} />}
        />
      </div>
    </div>
  );
}
