/** The mark: two jacks and the cord that joins them, one of them lit. Decorative; the name stands beside it or around it. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="8" fill="#00595d" />
      <path d="M10 11v4a6 6 0 0 0 12 0v-4" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="10" cy="10.5" r="3" fill="#fff" />
      <circle cx="22" cy="10.5" r="3.5" fill="#f7a531" stroke="#00595d" />
    </svg>
  );
}
