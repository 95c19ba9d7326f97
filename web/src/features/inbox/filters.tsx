/** What narrows the list besides its tabs. */
import { ListFilter } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Popover } from '@/ui/popover';
import { extras } from './extras';
import { narrowed, type InboxSearch } from './search';

export interface FiltersProps {
  search: InboxSearch;
  known: readonly string[];
  onChange(change: Partial<InboxSearch>): void;
  onClear(): void;
}

export function Filters(props: FiltersProps) {
  const t = useTexts().inbox;
  const on = narrowed(props.search) - (props.search.q === undefined ? 0 : 1);
  return (
    <Popover
      label={t.list.filters}
      align="end"
      trigger={
        <Button variant="plain" size="sm" icon={<ListFilter size={14} strokeWidth={1.75} />} aria-label={on > 0 ? t.list.filtersOn(on) : t.list.filters}>
          {on > 0 ? on : t.list.filters}
        </Button>
      }
    >
      <Form {...props} />
    </Popover>
  );
}

function Form(props: FiltersProps) {
  const parts = extras.useLoaded(true);
  return parts && <parts.FilterForm {...props} />;
}
