import { useTexts } from '@/lib/i18n';
import { keyLabel, type Shortcut, useAllShortcuts } from '@/lib/keys';
import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';

/** By group in the order of registration; the same keys twice (a dialog over its page) count once, the newer one wins. */
export function grouped(all: readonly Shortcut[]): [group: string, list: Shortcut[]][] {
  const byKeys = new Map(all.map((shortcut) => [shortcut.keys, shortcut]));
  const groups = new Map<string, Shortcut[]>();
  for (const shortcut of byKeys.values()) {
    const list = groups.get(shortcut.group);
    if (list) list.push(shortcut);
    else groups.set(shortcut.group, [shortcut]);
  }
  return [...groups];
}

export function CheatSheet({ open, onClose }: { open: boolean; onClose(): void }) {
  const { shell } = useTexts();
  const groups = grouped(useAllShortcuts());
  return (
    <Dialog open={open} onClose={onClose} title={shell.shortcuts} description={shell.shortcutsText} wide>
      {/* Takes the focus first, so that arrows scroll and Escape closes at once. */}
      <div role="group" aria-label={shell.shortcuts} tabIndex={0} className="gap-x-8 rounded-6 focus-visible:outline-1 focus-visible:outline-offset-8 focus-visible:outline-line-strong sm:columns-2">
        {groups.map(([group, list]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-12 font-semibold text-ink-3">{group}</h3>
            <dl>
              {list.map(({ keys, label }) => (
                <div key={keys} className="flex min-h-8 items-center justify-between gap-4 border-b border-line">
                  <dt className="min-w-0 text-13">{label}</dt>
                  <dd>
                    <Kbd keys={keys} />
                    <span className="sr-only">{keyLabel(keys).join(' ')}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
