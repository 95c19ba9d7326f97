/** What can be done with the selected cards at once, and how far it is. Above the columns: below them the toasts rise. */
import { X } from 'lucide-react';
import { collate } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useUsers } from '@/store/people';
import { useUser } from '@/store/session';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Menu } from '@/ui/menu';
import { assignCards } from './actions';
import { useControl, useShared } from './control';

export function BulkBar({ canWrite }: { canWrite: boolean }) {
  const { board: words, common } = useTexts();
  const control = useControl();
  const user = useUser();
  const users = useUsers();
  const selected = useShared((shared) => shared.selected);
  const progress = useShared((shared) => shared.progress);
  if (selected.size === 0 && !progress) return null;

  const ids = () => control.inOrder(selected);
  const colleagues = users.filter((other) => other.id !== user.id && !other.disabled).toSorted((a, b) => collate(a.name, b.name));
  const isBusy = progress !== null;
  return (
    <section
      aria-label={words.selectionBar}
      className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-1.5 max-sm:px-3"
    >
      {progress ? (
        <>
          <progress aria-label={words.progress(progress.done, progress.total)} value={progress.done} max={progress.total} className="h-1.5 w-32 accent-accent" />
          <span className="text-12 text-ink-2 tabular-nums">{words.progress(progress.done, progress.total)}</span>
          <Button size="sm" variant="plain" onClick={progress.cancel}>
            {words.stop}
          </Button>
        </>
      ) : (
        <span role="status" className="text-13 font-medium">
          {common.selected(selected.size)}
        </span>
      )}
      <Button size="sm" disabled={!canWrite || isBusy} onClick={() => control.setMoving(ids())}>
        {words.moveTo}
      </Button>
      <Menu
        label={words.assign}
        trigger={
          <Button size="sm" disabled={!canWrite || isBusy}>
            {words.assign}
          </Button>
        }
        items={[
          { label: words.toMe, icon: <Avatar name={user.name} size={20} />, onSelect: () => void assignCards(control, ids(), { id: user.id, name: user.name }) },
          ...colleagues.map((other) => ({
            label: other.name,
            icon: <Avatar name={other.name} size={20} />,
            onSelect: () => void assignCards(control, ids(), { id: other.id, name: other.name }),
          })),
          'separator' as const,
          { label: common.nobody, onSelect: () => void assignCards(control, ids(), null) },
        ]}
      />
      <IconButton size="sm" label={words.clearSelection} shortcut="Escape" icon={<X size={16} strokeWidth={1.75} />} onClick={() => control.select([])} />
    </section>
  );
}
