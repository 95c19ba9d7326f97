import { AlarmClock, ArrowLeft, Check, EllipsisVertical, PanelRight, RotateCcw, Tag, UserRound } from 'lucide-react';
import type { Conversation } from '@/api/types';
import { phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useRoom } from '@/live/live';
import { Avatar, AvatarStack } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { IconButton } from '@/ui/icon-button';
import { Menu, type MenuItem } from '@/ui/menu';
import type { Run } from './acts';
import { useMedia } from './hooks';
import { Labels, LabelsPopover } from './labels';
import { AssignMenu, type MenuName, SnoozeMenu, useAssignItems, usePriorityItems, useSnooze } from './menus';
import { nameOf } from './row';
import { WindowPill } from './window-pill';

interface HeaderProps {
  conversation: Conversation;
  mayManage: boolean;
  known: readonly string[];
  menu: MenuName | null;
  setMenu(menu: MenuName | null): void;
  run: Run;
  panelShown: boolean;
  onPanel(): void;
  onBack(): void;
}

export function ThreadHeader(props: HeaderProps) {
  const { conversation, mayManage, panelShown, onPanel, onBack } = props;
  const t = useTexts().inbox;
  const narrow = useMedia('(width < 48rem)');
  const name = nameOf(conversation, t);
  // On a phone the list with the page's heading is not there.
  const Title = narrow ? 'h1' : 'h2';
  return (
    <header className="flex min-h-14 items-center gap-3 max-md:gap-2 border-b border-line bg-panel px-4 py-2 max-md:px-2">
      <IconButton label={t.actions.back} className="md:hidden" icon={<ArrowLeft size={18} className="rtl:-scale-x-100" />} onClick={onBack} />
      <Avatar name={name} size={32} channel={conversation.channel.kind} />
      <div className="min-w-0 flex-1 ">
        <Title className="truncate text-14 font-semibold">
          <bdi>{name}</bdi>
        </Title>
        {/* A phone has no room for both; the avatar names the platform, and the panel the number. */}
        {narrow && conversation.window_expires_at ? <WindowPill conversation={conversation} /> : <Line conversation={conversation} />}
      </div>
      <div className="flex items-center gap-1.5">
        <Company conversationId={conversation.id} />
        {narrow ? (
          <NarrowActions {...props} />
        ) : (
          <>
            <WindowPill conversation={conversation} />
            {mayManage && <Actions {...props} />}
            <IconButton
              label={panelShown ? t.actions.hidePanel : t.actions.showPanel}
              pressed={panelShown}
              icon={<PanelRight size={16} strokeWidth={1.75} className="rtl:-scale-x-100" />}
              onClick={onPanel}
            />
          </>
        )}
      </div>
    </header>
  );
}

/** Names of products, the same in every language. */
const platforms: Partial<Record<string, string>> = { whatsapp: 'WhatsApp', messenger: 'Messenger', instagram: 'Instagram' };

/** Platform, and the number where there is one; one line on every width, so the header never grows by it. */
function Line({ conversation }: { conversation: Conversation }) {
  const { channel, customer } = conversation;
  return (
    <div className="truncate text-12 text-ink-2">
      {platforms[channel.kind] ?? channel.name}
      {customer.phone && (
        <>
          {' · '}
          <bdi className="tabular-nums">{phone(customer.phone)}</bdi>
        </>
      )}
    </div>
  );
}

/** Colleagues who look at the same conversation, and who of them is typing. */
function Company({ conversationId }: { conversationId: string }) {
  const t = useTexts().inbox.thread;
  const { presence, typing } = useRoom(`conversation:${conversationId}`);
  const names = typing.map((person) => person.name).join(', ');
  return (
    <span className="flex items-center gap-1.5">
      {presence.length > 0 && <AvatarStack people={[...presence]} label={`${t.viewing}: ${presence.map((person) => person.name).join(', ')}`} />}
      <span role="status" className="max-w-40 truncate text-12 text-ink-2 max-lg:sr-only">
        {typing.length === 0 ? '' : typing.length === 1 ? t.typing(names) : t.typingMany(names)}
      </span>
    </span>
  );
}

function Actions({ conversation, known, menu, setMenu, run }: HeaderProps) {
  const t = useTexts().inbox;
  const opened = (name: MenuName) => ({ open: menu === name, onOpenChange: (open: boolean) => setMenu(open ? name : null) });
  const more = useMoreItems(conversation, run);
  const done = conversation.status === 'resolved';
  return (
    <>
      <AssignMenu
        {...opened('assign')}
        assignee={conversation.assignee ?? null}
        run={run}
        trigger={
          conversation.assignee ? (
            <IconButton
              label={t.row.assignedTo(conversation.assignee.name)}
              shortcut="a"
              icon={<Avatar name={conversation.assignee.name} size={24} />}
            />
          ) : (
            <IconButton label={t.actions.assign} shortcut="a" icon={<UserRound size={16} strokeWidth={1.75} />} />
          )
        }
      />
      <SnoozeMenu
        {...opened('snooze')}
        snoozed={conversation.status === 'snoozed'}
        run={run}
        trigger={<IconButton label={t.actions.snooze} shortcut="s" icon={<AlarmClock size={16} strokeWidth={1.75} />} />}
      />
      <LabelsPopover
        {...opened('labels')}
        labels={conversation.labels}
        known={known}
        run={run}
        trigger={<IconButton label={t.actions.labels} shortcut="#" icon={<Tag size={16} strokeWidth={1.75} />} />}
      />
      <Menu align="end" label={t.actions.more} items={more} trigger={<IconButton label={t.actions.more} icon={<EllipsisVertical size={16} strokeWidth={1.75} />} />} />
      <Resolve done={done} run={run} />
    </>
  );
}

function useMoreItems(conversation: Conversation, run: Run): MenuItem[] {
  const t = useTexts().inbox.actions;
  const priority = usePriorityItems(conversation.priority ?? null, run);
  return [
    { label: t.priority, items: priority },
    conversation.status === 'pending'
      ? { label: t.reopen, onSelect: () => run({ type: 'status', status: 'open' }) }
      : { label: t.pending, onSelect: () => run({ type: 'status', status: 'pending' }) },
  ];
}

function Resolve({ done, run, bare = false }: { done: boolean; run: Run; bare?: boolean }) {
  const t = useTexts().inbox.actions;
  const label = done ? t.reopen : t.resolve;
  const icon = done ? <RotateCcw size={14} strokeWidth={2} /> : <Check size={14} strokeWidth={2} />;
  const act = () => run({ type: 'status', status: done ? 'open' : 'resolved' });
  if (bare) return <IconButton label={label} shortcut="e" icon={icon} onClick={act} />;
  return (
    <Button icon={icon} aria-keyshortcuts="E" onClick={act}>
      {label}
    </Button>
  );
}

/** On a phone: the one action that is used most, and all others by name in a menu. */
function NarrowActions({ conversation, mayManage, known, menu, setMenu, run, onPanel }: HeaderProps) {
  const t = useTexts().inbox;
  const assign = useAssignItems(conversation.assignee ?? null, run);
  const snooze = useSnooze(conversation.status === 'snoozed', run);
  const more = useMoreItems(conversation, run);
  const items: MenuItem[] = [{ label: t.actions.showPanel, onSelect: onPanel }];
  if (mayManage) {
    items.push(
      'separator',
      { label: t.actions.assign, items: assign },
      { label: t.actions.snooze, items: snooze.items },
      { label: t.actions.labels, onSelect: () => setMenu('labels') },
      ...more,
    );
  }
  return (
    <>
      {mayManage && <Resolve done={conversation.status === 'resolved'} run={run} bare />}
      <Menu
        align="end"
        label={t.actions.more}
        items={items}
        trigger={<IconButton label={t.actions.more} icon={<EllipsisVertical size={16} strokeWidth={1.75} />} />}
      />
      {snooze.dialog}
      <Dialog open={menu === 'labels'} onClose={() => setMenu(null)} title={t.actions.labels}>
        <Labels labels={conversation.labels} known={known} run={run} />
      </Dialog>
    </>
  );
}
