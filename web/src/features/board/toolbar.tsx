/** Above the columns: which board, who else is here, the filters, and what can be done with all of it. */
import { Download, Ellipsis, Eye, FilterX } from 'lucide-react';
import type { BoardSummary } from '@/api/types';
import { collate } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useRoom } from '@/live/live';
import { useUsers } from '@/store/people';
import { useUser } from '@/store/session';
import { Avatar, AvatarStack } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Menu } from '@/ui/menu';
import { SearchBox } from '@/ui/search-box';
import { Select } from '@/ui/select';
import { useControl } from './control';
import { isFiltered, type Filter } from './filter';
import { useBoardNav } from './nav';
import { newMarks } from './new-marks';
import { type BoardSearch, sources } from './search';
import type { Exporting } from './use-export';

const ANY = 'any';

interface ToolbarProps {
  boardId: string;
  name: string;
  boards: readonly BoardSummary[];
  filter: Filter;
  onFilter(patch: Partial<BoardSearch>): void;
  onClearFilter(): void;
  exporting: Exporting;
  onExport(): void;
}

export function Toolbar({ boardId, name, boards, filter, onFilter, onClearFilter, exporting, onExport }: ToolbarProps) {
  const { board: words, common } = useTexts();
  const nav = useBoardNav();
  const control = useControl();
  const user = useUser();
  const users = useUsers();
  const { presence } = useRoom(`board:${boardId}`);
  const colleagues = users
    .filter((other) => other.id !== user.id && !other.disabled)
    .toSorted((a, b) => collate(a.name, b.name))
    .map((other) => ({ value: other.id, label: other.name, icon: <Avatar name={other.name} size={20} /> }));
  const assignees = [
    { value: ANY, label: words.anyAssignee },
    { value: 'me', label: words.assignedToMe },
    { value: 'none', label: words.unassigned },
    ...colleagues,
  ];
  const isKnown = filter.assignee === undefined || assignees.some((item) => item.value === filter.assignee);

  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-panel px-4 py-2.5 max-sm:px-3">
      <h1 className={boards.length > 1 ? 'sr-only' : 'min-w-0 truncate text-16 font-semibold'}>
        <bdi>{name}</bdi>
      </h1>
      {boards.length > 1 && (
        <Select
          label={words.switchBoard}
          hideLabel
          className="max-w-64 max-sm:grow"
          value={boardId}
          onChange={nav.openBoard}
          items={boards.map((board) => ({ value: board.id, label: board.name }))}
        />
      )}
      <AvatarStack people={[...presence]} label={words.alsoHere(presence.map((person) => person.name).join(', '))} />
      <div className="flex min-w-0 grow flex-wrap items-center justify-end gap-2 max-sm:order-last max-sm:basis-full">
        <SearchBox
          label={words.search}
          shortcut="/"
          className="w-56 max-sm:w-full"
          value={filter.q ?? ''}
          onChange={(q) => onFilter({ q: q.trim() ? q : undefined })}
        />
        <Select
          label={words.filterAssignee}
          hideLabel
          className="max-w-48 max-sm:flex-1"
          value={isKnown ? (filter.assignee ?? ANY) : ANY}
          onChange={(value) => onFilter({ assignee: value === ANY ? undefined : value })}
          items={assignees}
        />
        <Select
          label={words.filterSource}
          hideLabel
          className="max-w-48 max-sm:flex-1"
          value={filter.source ?? ANY}
          onChange={(value) => onFilter({ source: sources.find((source) => source === value) })}
          items={[{ value: ANY, label: words.anySource }, ...sources.map((source) => ({ value: source, label: words.sources[source] }))]}
        />
        {isFiltered(filter) && <IconButton label={words.clearFilters} icon={<FilterX size={16} strokeWidth={1.75} />} onClick={onClearFilter} />}
      </div>
      {exporting.fetched !== null && (
        <p role="status" className="flex items-center gap-2 text-12 text-ink-2">
          {words.exporting(exporting.fetched)}
          <Button size="sm" variant="plain" onClick={exporting.cancel}>
            {common.cancel}
          </Button>
        </p>
      )}
      <Menu
        label={words.actionsOf(name)}
        align="end"
        trigger={<IconButton className="max-sm:ms-auto" label={words.actionsOf(name)} icon={<Ellipsis size={16} strokeWidth={1.75} />} />}
        items={[
          { label: words.exportBoard, icon: <Download size={16} strokeWidth={1.75} />, disabled: exporting.fetched !== null, onSelect: onExport },
          { label: words.markAllSeen, icon: <Eye size={16} strokeWidth={1.75} />, onSelect: () => newMarks(user.id).see(control.shownIds()) },
        ]}
      />
    </header>
  );
}
