/** The templates of a number: found by their words, language and kind, then filled. */
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { RefreshCw } from 'lucide-react';
import { asApiError } from '@/api/client';
import type { Template } from '@/api/types';
import { languageName } from '@/lib/format';
import { texts, useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { plainText } from '@/lib/richtext';
import type { UnsentTemplate } from '@/store/outbox-entry';
import { can, useUser } from '@/store/session';
import { syncTemplates, useTemplates } from '@/store/templates';
import type { TrayFile } from '@/store/tray';
import { ErrorState } from '@/ui/error-state';
import { IconButton } from '@/ui/icon-button';
import { Input } from '@/ui/input';
import { Select } from '@/ui/select';
import { Later, Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import type { ReplyWindow } from '../../cost';
import { found, wordsOf } from './definition';
import { TemplateForm } from './form';

export type Use = (template: UnsentTemplate, file: TrayFile | null) => void;

interface PickerProps {
  channelId: string;
  /** Whose name stands where a template asks for it. */
  customer: string;
  /** Of the customer's last message; prices depend on it. */
  replyWindow: ReplyWindow;
  onUse: Use;
}

const CATEGORIES = ['marketing', 'utility', 'authentication'] as const;
const NONE: readonly Template[] = [];

export function TemplatePicker({ channelId, customer, replyWindow, onUse }: PickerProps) {
  const t = useTexts().templates;
  const { data, state, error, retry } = useTemplates(channelId);
  const [wanted, setWanted] = useState({ query: '', language: '', category: '' });
  const [chosen, setChosen] = useState<Template | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const all = data ?? NONE;
  const shown = useMemo(() => found(all, wanted), [all, wanted]);
  const languages = useMemo(() => [...new Set(all.map(({ language }) => language))].toSorted(), [all]);

  if (chosen) return <TemplateForm key={chosen.id} template={chosen} customer={customer} replyWindow={replyWindow} onUse={onUse} onBack={() => setChosen(null)} />;
  if (state === 'error' && error && all.length === 0) return <ErrorState error={error} retry={retry} />;
  const into = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    list.current?.querySelector('button')?.focus();
  };
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Input
          type="search"
          className="min-w-40 flex-1 basis-48 max-sm:basis-full"
          aria-label={t.search}
          placeholder={t.search}
          value={wanted.query}
          onChange={(event) => setWanted({ ...wanted, query: event.currentTarget.value })}
          onKeyDown={into}
        />
        <Select
          label={t.language}
          hideLabel
          value={wanted.language}
          onChange={(language) => setWanted({ ...wanted, language })}
          items={[{ value: '', label: t.anyLanguage }, ...languages.map((value) => ({ value, label: languageName(value) }))]}
        />
        <Select
          label={t.category}
          hideLabel
          value={wanted.category}
          onChange={(category) => setWanted({ ...wanted, category })}
          items={[{ value: '', label: t.anyCategory }, ...CATEGORIES.map((value) => ({ value, label: t.categories[value] }))]}
        />
        <Sync channelId={channelId} />
      </div>
      {state === 'loading' && all.length === 0 ? (
        <Later>
          <div className="flex flex-col gap-2">
            <Skeleton className="h-12" />
            <Skeleton className="h-12" />
          </div>
        </Later>
      ) : shown.length === 0 ? (
        <p role="status" className="py-4 text-center text-13 text-ink-2">
          {all.length === 0 ? t.none : t.noneFound}
        </p>
      ) : (
        <ul ref={list} aria-label={t.title} className="flex max-h-[34dvh] min-h-0 flex-col overflow-y-auto" onKeyDown={walk}>
          {shown.map((template) => (
            <Row key={template.id} template={template} onChoose={() => setChosen(template)} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** The arrows go from one to the next. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

function Row({ template, onChoose }: { template: Template; onChoose(): void }) {
  const t = useTexts().templates;
  return (
    <li>
      <button type="button" onClick={onChoose} className="flex min-h-11 w-full flex-col gap-0.5 rounded-6 px-2.5 py-1.5 text-start hover:bg-hover focus-visible:-outline-offset-2">
        <span className="flex w-full items-baseline gap-2 text-13">
          <bdi className="min-w-0 truncate font-medium">{template.name}</bdi>
          <span className="shrink-0 text-12 text-ink-2">
            {languageName(template.language)} · {own<string>(t.categories, template.category) ?? template.category}
          </span>
        </span>
        <span className="line-clamp-2 w-full text-12 text-ink-2 [overflow-wrap:anywhere]" dir="auto">
          {plainText(wordsOf(template, {}))}
        </span>
      </button>
    </li>
  );
}

/** For who may change channels: the platform is asked for what was made there meanwhile. */
function Sync({ channelId }: { channelId: string }) {
  const t = useTexts().templates;
  const user = useUser();
  const [busy, setBusy] = useState(false);
  if (!can(user, 'channels.manage')) return null;
  const sync = async () => {
    setBusy(true);
    try {
      await syncTemplates(channelId);
      toast({ title: texts().templates.syncing });
    } catch (caught) {
      toast({ title: texts().templates.notSynced, text: asApiError(caught).detail, tone: 'danger' });
    } finally {
      setBusy(false);
    }
  };
  return <IconButton label={t.sync} aria-busy={busy} icon={<RefreshCw size={15} strokeWidth={1.75} className={busy ? 'animate-spin' : undefined} />} onClick={() => void sync()} />;
}
