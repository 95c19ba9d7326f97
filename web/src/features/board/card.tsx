/** One card of the board. It reads its own row, so a change of one card draws one card. */
import { Link } from '@tanstack/react-router';
import { CalendarDays, Check, ContactRound, Ellipsis, Globe, Megaphone, MoveRight, PanelsTopLeft, SquareCheck, UserRoundCheck } from 'lucide-react';
import { memo, type MouseEvent, useEffect, useRef, useState } from 'react';
import type { Card } from '@/api/types';
import { day, full, money, relative, stamp } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useNow } from '@/live/clock';
import { cards } from '@/store/entities';
import { useUser } from '@/store/session';
import { useRow } from '@/store/table';
import { Avatar } from '@/ui/avatar';
import { IconButton } from '@/ui/icon-button';
import { Menu, type MenuItem } from '@/ui/menu';
import { Pill } from '@/ui/pill';
import { cx } from '@/ui/styles';
import { assignCards } from './actions';
import { useControl, useShared } from './control';
import { useCardDrag } from './drag';
import { isDue, sourceDetail, sourceName } from './labels';
import { useBoardNav } from './nav';
import { newMarks, useIsNew } from './new-marks';

const HIGHLIGHT_MS = 1600;
/** A wanted card stays wanted while its column still settles. */
const SETTLE_MS = 400;

interface CardProps {
  id: string;
  columnId: string;
  isClosed: boolean;
  canWrite: boolean;
  filtered: boolean;
  /** The one card of its column that Tab stops at. */
  tabbable: boolean;
  arrived: boolean;
}

const sourceIcons: Record<string, typeof Globe> = { ad: Megaphone, lead_ad: Megaphone, website: Globe };

export const BoardCard = memo(function BoardCard(props: CardProps) {
  const card = useRow(cards, props.id);
  return card ? <Face card={card} {...props} /> : null;
});

function Face({ card, id, columnId, isClosed, canWrite, filtered, tabbable, arrived }: CardProps & { card: Card }) {
  const { board: words } = useTexts();
  const control = useControl();
  const nav = useBoardNav();
  const now = useNow();
  const ref = useRef<HTMLDivElement>(null);
  const isNew = useIsNew(newMarks(useUser().id), id);
  const isSelected = useShared((shared) => shared.selected.has(id));
  const isDragged = useShared((shared) => shared.dragged.has(id));
  const isLit = useWanted(ref, id, columnId);
  const edge = useCardDrag(ref, { id, columnId, canDrag: canWrite, canDropBeside: canWrite && !filtered });
  const due = card.due_at && { text: day(card.due_at), isNear: !isClosed && isDue(card.due_at, now) };
  // Most cards are made by a first message and are called like the customer: said once is enough.
  const hasTitle = card.title !== '' && card.title !== card.customer.name;
  const title = card.title || card.customer.name;

  useEffect(
    () => () => {
      // Carried into another column, the card there has the focus already.
      if (document.activeElement?.getAttribute('data-card') !== id) control.blur(id);
    },
    [control, id],
  );

  const click = (event: MouseEvent<HTMLDivElement>) => {
    const { target, currentTarget, nativeEvent } = event;
    // A menu of the card is its child for React, but lies elsewhere on the page.
    if (!(target instanceof Element) || !currentTarget.contains(target) || target.closest('a,button')) return;
    const isTap = nativeEvent instanceof PointerEvent && nativeEvent.pointerType === 'touch';
    if (event.ctrlKey || event.metaKey || (isTap && control.selected.size > 0)) control.toggle(id);
    else if (event.shiftKey) control.selectTo(id);
    else nav.openCard(id);
  };

  const label = [
    isSelected && words.selectedCard,
    isNew && words.isNew,
    title,
    hasTitle && card.customer.name,
    card.value && money(card.value),
    due && (due.isNear ? words.dueNear(due.text) : words.due(due.text)),
    card.assignee ? words.assignedTo(card.assignee.name) : words.unassigned,
    card.source !== 'organic' && sourceName(card.source),
  ];

  return (
    <div className="relative">
      {edge && <span aria-hidden className={cx('absolute inset-x-0 z-10 h-0.5 rounded-full bg-accent', edge === 'top' ? '-top-[5px]' : '-bottom-[5px]')} />}
      {/* A group, not a button: it has buttons of its own, and Firefox drags nothing that is inside of a button. */}
      <div
        ref={ref}
        role="group"
        tabIndex={tabbable ? 0 : -1}
        data-card={id}
        aria-label={label.filter(Boolean).join(', ')}
        aria-roledescription={words.card}
        aria-keyshortcuts="Enter Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight M X"
        onFocus={() => control.focus(id)}
        onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && control.blur(id)}
        onClick={click}
        onPointerDown={(event) => event.shiftKey && event.preventDefault()}
        className={cx(
          'group relative flex touch-manipulation flex-col gap-1.5 rounded-8 border py-2.5 ps-3 pe-2 shadow-low select-none sm:compact:gap-0 sm:compact:py-1',
          'transition-[opacity,border-color,box-shadow] duration-150 hover:border-line-strong',
          'focus-visible:outline-offset-0 [-webkit-touch-callout:none]',
          isSelected ? 'border-accent bg-accent-soft' : 'border-line bg-raised',
          isDragged && 'opacity-40',
          isLit && 'ring-2 ring-accent',
          arrived && 'motion-safe:starting:scale-98 motion-safe:starting:opacity-0 motion-safe:transition-[opacity,scale]',
        )}
      >
        <div className="flex min-w-0 items-start gap-1">
          {hasTitle ? (
            <p className="line-clamp-2 min-w-0 grow py-0.5 text-13 font-semibold break-words">
              <bdi>{card.title}</bdi>
            </p>
          ) : (
            <CustomerLink card={card} tabbable={tabbable} isTitle />
          )}
          {isSelected && <Check size={16} aria-hidden className="mt-1 shrink-0 text-accent-text" strokeWidth={2.5} />}
          {isNew && <Pill tone="accent">{words.isNew}</Pill>}
          <CardMenu card={card} canWrite={canWrite} tabbable={tabbable} />
        </div>
        {hasTitle && <CustomerLink card={card} tabbable={tabbable} />}
        <div className="flex min-h-6 min-w-0 flex-wrap items-center gap-1.5 pe-1">
          {card.value && (
            <span className="text-13 font-semibold tabular-nums">
              <bdi>{money(card.value)}</bdi>
            </span>
          )}
          {due && card.due_at && (
            <Pill tone={due.isNear ? 'lamp' : 'neutral'} icon={<CalendarDays size={12} strokeWidth={1.75} />}>
              <time dateTime={card.due_at}>{due.text}</time>
            </Pill>
          )}
          <SourcePill card={card} />
          <span className="ms-auto flex items-center gap-1.5">
            {card.last_message_at && (
              <time dateTime={card.last_message_at} title={`${words.lastMessage} ${full(card.last_message_at)} (${relative(card.last_message_at, now)})`} className="text-11 text-ink-3">
                <bdi>{stamp(card.last_message_at)}</bdi>
              </time>
            )}
            {card.assignee && (
              <span className="flex" title={words.assignedTo(card.assignee.name)}>
                <Avatar name={card.assignee.name} size={24} />
              </span>
            )}
          </span>
        </div>
      </div>
    </div>
  );
}

function CustomerLink({ card, tabbable, isTitle = false }: { card: Card; tabbable: boolean; isTitle?: boolean }) {
  const { board: words } = useTexts();
  return (
    <div className={cx('flex min-w-0 items-center gap-1.5', isTitle ? 'grow text-13 font-semibold' : 'pe-1 text-12 text-ink-2')}>
      <Avatar name={card.customer.name} size={isTitle ? 24 : 20} />
      <Link
        to="."
        search={(old: object) => ({ ...old, c: card.customer.id })}
        draggable={false}
        tabIndex={tabbable ? 0 : -1}
        aria-label={words.openCustomer(card.customer.name)}
        className="inline-flex min-h-6 min-w-0 items-center rounded-[2px] hover:text-ink hover:underline"
      >
        <bdi className="truncate">{card.customer.name}</bdi>
      </Link>
    </div>
  );
}

function SourcePill({ card }: { card: Card }) {
  const Icon = sourceIcons[card.source];
  if (!Icon) return null;
  const name = sourceName(card.source);
  const detail = sourceDetail(card);
  return (
    <span title={detail ? `${name}: ${detail}` : name} className="flex max-w-40 min-w-0">
      <Pill icon={<Icon size={12} strokeWidth={1.75} aria-hidden />}>{name}</Pill>
    </span>
  );
}

function CardMenu({ card, canWrite, tabbable }: { card: Card; canWrite: boolean; tabbable: boolean }) {
  const { board: words, common } = useTexts();
  const control = useControl();
  const nav = useBoardNav();
  const user = useUser();
  const icon = { size: 16, strokeWidth: 1.75 };
  const isMine = card.assignee?.id === user.id;
  const items: MenuItem[] = [
    { label: words.openCard, icon: <PanelsTopLeft {...icon} />, shortcut: 'Enter', onSelect: () => nav.openCard(card.id) },
    { label: words.showCustomer, icon: <ContactRound {...icon} />, shortcut: 'c', onSelect: () => nav.openCustomer(card.customer.id) },
    'separator',
    { label: words.moveTo, icon: <MoveRight {...icon} />, shortcut: 'm', disabled: !canWrite, onSelect: () => control.setMoving(control.group(card.id)) },
    {
      label: words.assignToMe,
      icon: <UserRoundCheck {...icon} />,
      disabled: !canWrite || isMine,
      onSelect: () => void assignCards(control, [card.id], { id: user.id, name: user.name }),
    },
    { label: words.select, icon: <SquareCheck {...icon} />, shortcut: 'x', onSelect: () => control.toggle(card.id) },
  ];
  return (
    <Menu
      label={words.actionsOf(card.title || card.customer.name)}
      align="end"
      trigger={
        <IconButton size="sm" className="-my-1 size-7" tabIndex={tabbable ? 0 : -1} label={common.moreActions} icon={<Ellipsis size={16} strokeWidth={1.75} />} />
      }
      items={items}
    />
  );
}

/** Takes the focus and lights up when the board looks for this card. */
function useWanted(ref: React.RefObject<HTMLElement | null>, id: string, columnId: string): boolean {
  const control = useControl();
  const wanted = useShared((shared) => (shared.wanted?.id === id && shared.wanted.columnId === columnId ? shared.wanted : null));
  const [isLit, setLit] = useState(false);
  useEffect(() => {
    if (!wanted) return undefined;
    if (wanted.focus) ref.current?.focus({ preventScroll: true });
    if (wanted.highlight) setLit(true);
    const timer = setTimeout(() => control.found(wanted), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [control, wanted, ref]);
  useEffect(() => {
    if (!isLit) return undefined;
    const timer = setTimeout(() => setLit(false), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [isLit]);
  return isLit;
}
