/** Every part of the kit on one page, for `npm run dev` only: /gallery.html?theme=dark&density=compact&dir=rtl&show=dialog. */
import { Archive, ArrowRight, Bell, CalendarClock, Clock, Copy, Inbox, MoreHorizontal, Pencil, Plus, Tag, Trash2, UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '@/app.css';
import { Avatar, AvatarStack } from './avatar';
import { Badge } from './badge';
import { Button } from './button';
import { ChannelIcon } from './channel-icon';
import { Checkbox } from './checkbox';
import { Confirm } from './confirm';
import { Dialog } from './dialog';
import { Drawer } from './drawer';
import { Empty } from './empty';
import { ErrorState } from './error-state';
import { Field } from './field';
import { IconButton } from './icon-button';
import { Input } from './input';
import { Kbd } from './kbd';
import { Logo } from './logo';
import { Menu, type MenuItem } from './menu';
import { MultiSelect } from './multi-select';
import { Pill } from './pill';
import { Popover } from './popover';
import { UiProvider } from './provider';
import { SearchBox } from './search-box';
import { Select } from './select';
import { Skeleton } from './skeleton';
import { Spinner } from './spinner';
import { linkClass } from './styles';
import { Switch } from './switch';
import { Tabs } from './tabs';
import { Textarea } from './textarea';
import { toast, undoable } from './toast';
import { VirtualList } from './virtual-list';

const query = new URLSearchParams(location.search);
for (const name of ['theme', 'density'] as const) document.documentElement.dataset[name] = query.get(name) ?? '';
document.documentElement.dir = query.get('dir') ?? 'ltr';
const show = query.get('show');

const kinds = ['whatsapp', 'messenger', 'instagram', 'lead_ads', 'website'] as const;
const names = ['Emre Smith', 'Zeynep Şahin', 'Amelia Kaya', 'Lukas Öztürk', 'Hannah Müller', 'Liam Weber', 'Deniz Taylor', 'Sophie Jones'];
const channels = kinds.map((kind) => ({ value: kind, label: kind, icon: <ChannelIcon kind={kind} size={14} /> }));
const rows = Array.from({ length: 5000 }, (_, index) => `row-${index}`);

const menu: MenuItem[] = [
  { label: 'Assign to', icon: <UserPlus size={15} />, items: names.slice(0, 4).map((label, index) => ({ label, icon: <Avatar name={label} size={20} />, checked: index === 1 })) },
  { label: 'Snooze', icon: <CalendarClock size={15} />, shortcut: 's' },
  { label: 'Label', icon: <Tag size={15} />, shortcut: 'shift+3' },
  { label: 'Copy link', icon: <Copy size={15} />, disabled: true },
  'separator',
  { label: 'Compact rows', checked: true },
  'separator',
  { label: 'Remove', icon: <Trash2 size={15} />, danger: true },
];

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3 rounded-12 border border-line bg-panel p-4">
      <h2 className="text-12 font-medium text-ink-3">{title}</h2>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </section>
  );
}

function Row({ index, chosen }: { index: number; chosen: boolean }) {
  const name = names[index % names.length] ?? '';
  const waiting = index % 3 === 1;
  return (
    <a href={`#${index}`} className={`flex h-row items-center gap-3 border-b border-line px-3 focus-visible:-outline-offset-2 ${chosen ? 'bg-accent-soft' : 'hover:bg-hover'}`}>
      <Avatar name={name} size={40} channel={kinds[index % 5]} />
      <span className="flex min-w-0 grow flex-col">
        <span className="flex items-baseline gap-2">
          <span className={`min-w-0 grow truncate ${waiting ? 'font-semibold' : 'font-medium'}`}>{name}</span>
          <span className="text-11 text-ink-3 tabular-nums">14:05</span>
        </span>
        <span className="flex items-center gap-2">
          <span className={`min-w-0 grow truncate ${waiting ? 'text-ink' : 'text-ink-3'}`}>Could you move my appointment to Friday?</span>
          <Badge count={waiting ? index : 0} label={`${index} unread`} />
        </span>
      </span>
    </a>
  );
}

function Gallery() {
  const [tab, setTab] = useState('mine');
  const [select, setSelect] = useState('whatsapp');
  const [multi, setMulti] = useState<string[]>([]);
  const [two, setTwo] = useState<string[]>(['whatsapp', 'website']);
  const [on, setOn] = useState(true);
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState(show);
  const close = () => setOpen(null);
  return (
    <main className="grid min-h-full items-start gap-4 bg-canvas p-4 sm:grid-cols-2 xl:grid-cols-3">
      <h1 className="sr-only">Parts</h1>
      <Section title="Buttons">
        <Logo />
        <Button variant="primary" icon={<Plus size={15} />}>New card</Button>
        <Button icon={<Archive size={15} />}>Resolve</Button>
        <Button variant="plain">Cancel</Button>
        <Button variant="danger">Remove</Button>
        <Button busy>Saving</Button>
        <Button disabled>Disabled</Button>
        <Button variant="primary" size="sm">Apply</Button>
        <Button size="sm">Small</Button>
        <IconButton label="Notifications" shortcut="g n" icon={<Bell size={16} strokeWidth={1.75} />} />
        <IconButton label="Edit" pressed icon={<Pencil size={16} strokeWidth={1.75} />} />
        <a href="#x" className={linkClass}>A link</a>
        <Spinner />
        <Kbd keys="mod+k" />
        <Kbd keys="g i" />
      </Section>
      <Section title="Fields">
        <div className="grid w-full gap-3">
          <Field label="Name" hint="As the customer writes it"><Input defaultValue="Zeynep Şahin" /></Field>
          <Field label="E-mail" error="Enter an address with an @"><Input defaultValue="zeynep" /></Field>
          <Field label="Note"><Textarea placeholder="Only your team sees this" /></Field>
          <Select label="Channel" value={select} onChange={setSelect} items={channels} />
          <SearchBox label="Search customers" value={search} onChange={setSearch} shortcut="/" />
        </div>
      </Section>
      <Section title="Choices">
        <div className="grid w-full gap-2">
          <Tabs label="View" value={tab} onChange={setTab} items={[{ value: 'mine', label: 'Mine', count: 12 }, { value: 'none', label: 'Unassigned', count: 4 }, { value: 'all', label: 'All' }]} />
          <Switch checked={on} onChange={setOn} label="Sound" hint="A short tone when somebody writes" />
          <Switch checked={!on} onChange={(value) => setOn(!value)} label="Browser notifications" />
          <div className="flex gap-4">
            <Checkbox checked={on} onChange={setOn} label="Unread only" />
            <Checkbox checked={false} onChange={() => {}} label="Off" />
            <Checkbox checked={false} indeterminate onChange={() => {}} label="Some" />
          </div>
          <div className="flex flex-wrap gap-2">
            <MultiSelect label="Channel" values={multi} onChange={setMulti} items={channels} />
            <MultiSelect label="Source" values={two} onChange={setTwo} items={channels} />
            <Select hideLabel label="Sort" value={select} onChange={setSelect} items={channels} />
          </div>
        </div>
      </Section>
      <Section title="People, channels, states">
        {([20, 24, 28, 32, 40, 56] as const).map((size, index) => <Avatar key={size} name={names[index] ?? ''} size={size} channel={kinds[index % 5]} />)}
        {names.map((name) => <Avatar key={name} name={name} size={28} />)}
        <AvatarStack label="Five colleagues are here" people={names.slice(0, 5).map((name) => ({ user_id: name, name }))} />
        {kinds.map((kind) => <ChannelIcon key={kind} kind={kind} />)}
        {kinds.map((kind) => <ChannelIcon key={kind} kind={kind} size={24} />)}
        <Pill>Refund</Pill>
        <Pill tone="accent">Open</Pill>
        <Pill tone="lamp" icon={<Clock size={12} />}>3 h 12 min left</Pill>
        <Pill tone="danger">Failed</Pill>
        <Pill tone="ok">Delivered</Pill>
        <Badge count={6} label="6 unread" />
        <Badge count={240} label="240 unread" />
        <Badge count={3} label="3 new" tone="accent" />
        <Badge count={3} label="3 failed" tone="danger" />
        <Badge count={12} label="12 cards" tone="neutral" />
      </Section>
      <Section title="Layers">
        <Menu trigger={<IconButton label="More actions" icon={<MoreHorizontal size={16} />} />} items={menu} />
        <Menu trigger={<Button>Menu</Button>} items={menu} />
        <Popover label="Details" trigger={<Button>Popover</Button>}>
          <p className="text-ink-2">First contact through an advertisement on 17 November.</p>
        </Popover>
        <Button onClick={() => setOpen('dialog')}>Dialog</Button>
        <Button onClick={() => setOpen('confirm')}>Confirm</Button>
        <Button onClick={() => setOpen('drawer')}>Drawer</Button>
        <Button onClick={() => toast({ title: 'Saved', tone: 'ok' })}>Toast</Button>
        <Button onClick={() => toast({ title: 'Card not moved', text: 'Somebody moved it first. It shows the new place.', tone: 'danger' })}>Error toast</Button>
        <Button onClick={() => undoable('Conversation resolved', () => toast({ title: 'Undone' }))}>Undo toast</Button>
      </Section>
      <div className="h-96 overflow-hidden rounded-12 border border-line bg-panel">
        <VirtualList ids={rows} estimate={72} label="Conversations" scrollTo="row-2" render={(id, index) => <Row index={index} chosen={id === 'row-2'} />} />
      </div>
      <Section title="Nothing there">
        <Empty icon={<Inbox strokeWidth={1.75} />} title="Nobody is waiting" action={<Button icon={<ArrowRight size={15} />}>Show all conversations</Button>}>
          New conversations appear here by themselves.
        </Empty>
        <ErrorState error={{ code: 'offline', detail: 'Check your connection. What you see may be old.' }} retry={() => {}} />
      </Section>
      <Section title="Loading">
        <div className="grid w-full gap-3">
          {[0, 1, 2].map((index) => (
            <div key={index} className="flex items-center gap-3">
              <Skeleton className="size-10 rounded-full" />
              <div className="grid grow gap-2">
                <Skeleton className="h-3 w-1/3" />
                <Skeleton className="h-3 w-2/3" />
              </div>
            </div>
          ))}
        </div>
      </Section>
      <section className="grid gap-2 rounded-12 bg-sunken p-2">
        {names.slice(0, 2).map((name) => (
          <article key={name} className="grid gap-1 rounded-8 border border-line bg-raised p-3 shadow-low">
            <b className="font-medium">Kitchen, L-shape</b>
            <span className="flex items-center gap-1.5 text-12 text-ink-2"><ChannelIcon kind="instagram" size={12} /> {name}</span>
            <span className="flex items-center gap-2 pt-1"><span className="font-medium tabular-nums">5.700 €</span><Pill tone="lamp">Today</Pill></span>
          </article>
        ))}
        <p className="w-fit rounded-16 bg-out px-3 py-2 text-14 text-out-ink">Yes, Friday at ten works <span className="text-11 text-ink-3">14:05</span></p>
      </section>

      <Dialog
        open={open === 'dialog'} onClose={close} title="Edit customer" description="Everybody in the team sees this."
        actions={<><Button variant="plain" onClick={close}>Cancel</Button><Button variant="primary" onClick={close}>Save</Button></>}
      >
        <div className="grid gap-3">
          <Field label="Name"><Input defaultValue="Zeynep Şahin" /></Field>
          <Select label="Channel" value={select} onChange={setSelect} items={channels} />
        </div>
      </Dialog>
      <Confirm open={open === 'confirm'} onClose={close} title="Sign out everywhere?" text="Other devices have to sign in again." confirm="Sign out" danger onConfirm={() => {}} />
      <Drawer open={open === 'drawer'} onClose={close} label="Zeynep Şahin" title={<span className="flex items-center gap-3"><Avatar name="Zeynep Şahin" /> Zeynep Şahin</span>}>
        <div className="p-5 text-ink-2">Timeline</div>
      </Drawer>
    </main>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<UiProvider><Gallery /></UiProvider>);
