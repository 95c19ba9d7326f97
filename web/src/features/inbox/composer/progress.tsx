/** How much of a file the server has. */
export function Progress({ label, sent, size }: { label: string; sent: number; size: number }) {
  const done = size > 0 ? Math.min(100, Math.round((sent / size) * 100)) : 0;
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={done} className="mt-1 h-1 overflow-hidden rounded-6 bg-hover">
      <div className="h-full origin-left bg-accent transition-transform duration-160 rtl:origin-right" style={{ transform: `scaleX(${done / 100})` }} />
    </div>
  );
}
