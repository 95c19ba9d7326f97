import { Toast as Base } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTexts } from '@/lib/i18n';
import { Button } from '../button';
import { IconButton } from '../icon-button';
import { showOn, type ToastData } from '../toast';

const manager = Base.createToastManager<ToastData>();

const tones: Partial<Record<string, ReactNode>> = {
  danger: <CircleAlert size={16} className="mt-0.5 shrink-0 text-danger-text" />,
  ok: <CircleCheck size={16} className="mt-0.5 shrink-0 text-ok-text" />,
};

function List() {
  const { common } = useTexts();
  const { toasts } = Base.useToastManager<ToastData>();
  return toasts.map((item) => {
    const action = item.data?.action;
    return (
      <Base.Root
        key={item.id}
        toast={item}
        swipeDirection={['down', 'left', 'right']}
        className="pointer-events-auto w-full rounded-12 border border-line bg-raised text-ink shadow-high transition-[opacity,translate] duration-160 ease-out select-none data-ending-style:opacity-0 data-ending-style:duration-120 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0 sm:w-auto sm:max-w-[28rem] sm:min-w-72"
      >
        <Base.Content className="flex items-start gap-2.5 py-2 ps-3.5 pe-2">
          <span className="flex min-w-0 grow items-start gap-2.5 py-1 max-sm:py-2.5">
            {tones[item.type ?? '']}
            <span className="flex min-w-0 flex-col">
              <Base.Title render={<span />} className="text-13 font-medium" />
              <Base.Description render={<span />} className="text-12 text-ink-2" />
            </span>
          </span>
          {action && (
            <Button
              variant="plain"
              size="sm"
              className="text-accent-text!"
              onClick={() => {
                // In this order: closing forgets what could be taken back.
                action.run();
                manager.close(item.id);
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton size="sm" label={common.close} icon={<X size={14} />} onClick={() => manager.close(item.id)} />
        </Base.Content>
      </Base.Root>
    );
  });
}

export function ToastList() {
  const { common } = useTexts();
  // After the effects of what is inside: by now somebody listens to the manager.
  useEffect(() => showOn(manager), []);
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport
          aria-label={common.notifications}
          className="pointer-events-none fixed inset-x-3 bottom-[calc(0.75rem+env(safe-area-inset-bottom)+var(--toast-inset))] z-60 flex flex-col-reverse items-center gap-2 outline-none"
        >
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}
