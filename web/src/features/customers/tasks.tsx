/** What is to be done for the customer; done ones below, without a button but the undo of the toast. */
import { Check } from 'lucide-react';
import { asApiError } from '@/api/client';
import type { Activity } from '@/api/types';
import { full, stamp } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { patchActivity } from '@/store/actions';
import { activities } from '@/store/entities';
import { currentUser, can } from '@/store/session';
import { Button } from '@/ui/button';
import { toast, undoable } from '@/ui/toast';
import { Facts } from './facts';
import { useRows } from './rows';
import { answers } from './timeline-list';
import { word } from './words';

export function Tasks({ ids }: { ids: readonly string[] }) {
  const t = useTexts().customers.activities;
  const rows = useRows(activities, ids).toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  const pending = rows.filter((row) => row.status === 'pending');
  const done = rows.filter((row) => row.status === 'done');
  return (
    <div className="flex flex-col gap-4 px-5 py-4 max-sm:px-4">
      {pending.length === 0 ? <p className="py-2 text-ink-3">{t.empty}</p> : <TaskList rows={pending} />}
      {done.length > 0 && (
        <section>
          <h3 className="pb-1.5 text-12 font-medium text-ink-3">{t.done}</h3>
          <TaskList rows={done} />
        </section>
      )}
    </div>
  );
}

function TaskList({ rows }: { rows: readonly Activity[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {rows.map((row) => (
        <Task key={row.id} activity={row} />
      ))}
    </ul>
  );
}

function Task({ activity }: { activity: Activity }) {
  const { customers: t } = useTexts();
  const user = currentUser();
  const title = word(t.timeline.kinds, activity.kind);
  const text = answers(activity.data);
  const pending = activity.status === 'pending';

  const set = async (status: 'pending' | 'done') => {
    try {
      await patchActivity(activity.id, status);
    } catch (error) {
      toast({ title: t.activities.failed, text: asApiError(error).detail, tone: 'danger' });
    }
  };
  const finish = () => {
    void set('done');
    undoable(t.activities.marked, () => void set('pending'));
  };

  return (
    <li className={`flex items-start gap-3 rounded-8 border border-line p-3 ${pending ? 'bg-raised' : 'text-ink-2'}`}>
      <div className="min-w-0 grow">
        <p className="font-medium">{title}</p>
        <time dateTime={activity.created_at} title={full(activity.created_at)} className="text-12 text-ink-3">
          <bdi>{stamp(activity.created_at)}</bdi>
        </time>
        {text && (
          <p dir="auto" className="mt-1 text-12 whitespace-pre-line wrap-anywhere text-ink-2">
            {text}
          </p>
        )}
        <Facts data={activity.data} />
      </div>
      {pending && user && can(user, 'customers.write') && (
        <Button size="sm" icon={<Check size={14} aria-hidden />} onClick={finish} aria-label={t.activities.markDoneOf(title)}>
          {t.activities.markDone}
        </Button>
      )}
    </li>
  );
}
