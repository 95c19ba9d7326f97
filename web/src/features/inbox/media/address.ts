/** Addresses of files. Only this server's own are used; the platforms' are not for browsers. */
import type { Attachment } from '@/api/types';

export function ownAddress(url: string | null | undefined): string | null {
  if (!url?.startsWith('/') || !URL.canParse(url, location.origin)) return null;
  // "//evil" and "/\\evil" are hosts to a browser; the parser knows all of these tricks.
  return new URL(url, location.origin).origin === location.origin ? url : null;
}

/** Where the file is, once this server has it. */
export function readyUrl(attachment: Attachment): string | null {
  return attachment.state === 'ready' ? ownAddress(attachment.url) : null;
}

/** The same file, to be saved under its name. */
export function downloadUrl(url: string): string {
  return url.startsWith('blob:') ? url : `${url}?download=true`;
}

/** The room that a picture gets in a thread, in CSS pixels; null: nobody knows its measures. */
export function room({ width, height }: Pick<Attachment, 'width' | 'height'>, most = { width: 384, height: 320 }): { width: number; height: number } | null {
  if (!width || !height || width < 0 || height < 0) return null;
  const scale = Math.min(1, most.width / width, most.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
