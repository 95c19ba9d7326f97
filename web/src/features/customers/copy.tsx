import { Copy } from 'lucide-react';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { IconButton } from '@/ui/icon-button';
import { toast } from '@/ui/toast';

/** Puts a value on the clipboard; `what` names it. */
export function CopyButton({ what, value }: { what: string; value: string }) {
  const t = useTexts().customers.drawer;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      announce(t.copied);
      toast({ title: t.copied, tone: 'ok' });
    } catch {
      toast({ title: t.copyFailed, tone: 'danger' });
    }
  };
  return <IconButton size="sm" label={t.copy(what)} icon={<Copy size={13} strokeWidth={1.75} />} onClick={() => void copy()} />;
}
