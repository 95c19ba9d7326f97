import { useTexts } from '@/lib/i18n';
import { Logo } from '@/ui/logo';
import { Later } from '@/ui/skeleton';
import { useUnanswered } from './begin';

/** While it is not known who this is. Usually that takes less than the 200 ms before anything shows. */
export function Splash() {
  const { shell } = useTexts();
  const unanswered = useUnanswered();
  return (
    <Later>
      <div className="flex h-dvh flex-col items-center justify-center gap-4 bg-canvas p-4">
        <Logo size={48} />
        <p role="status" className="text-center text-13 text-ink-2">
          {unanswered ? shell.unanswered : ''}
        </p>
      </div>
    </Later>
  );
}
