/** Files can be dropped anywhere on the thread and the composer; while they hang over it, it says so. */
import { useEffect, useRef, useState } from 'react';
import { Paperclip } from 'lucide-react';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

export function DropTarget({ label, onFiles }: { label: string; onFiles(files: readonly File[]): void }) {
  const place = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const give = useRef(onFiles);
  useEffect(() => {
    give.current = onFiles;
  });
  useEffect(() => {
    const pane = place.current?.closest<HTMLElement>('[data-pane]');
    if (!pane) return;
    const allow = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      // Without this the browser would open the file in place of the app.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Told for every child that is crossed; only the way out of the pane counts.
      if (!(event.relatedTarget instanceof Node) || !pane.contains(event.relatedTarget)) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      give.current([...(event.dataTransfer?.files ?? [])]);
    };
    const listeners = [
      ['dragenter', allow],
      ['dragover', allow],
      ['dragleave', leave],
      ['drop', drop],
    ] as const;
    for (const [type, listener] of listeners) pane.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of listeners) pane.removeEventListener(type, listener);
    };
  }, []);
  return (
    <div ref={place} className="pointer-events-none absolute inset-0 z-20">
      {over && (
        <div className="flex size-full flex-col items-center justify-center gap-2 border-2 border-dashed border-accent bg-accent-soft/90 text-accent-text">
          <Paperclip size={28} strokeWidth={1.75} aria-hidden="true" />
          <p className="text-16 font-medium">{label}</p>
        </div>
      )}
    </div>
  );
}
