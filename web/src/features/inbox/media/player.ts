/**
 * The one player of recordings. It belongs to no message: it goes on while another conversation is opened, and a second
 * recording takes the place of the first.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { preference } from '@/lib/prefs';
import { onClear } from '@/store/entities';

export interface Track {
  /** Of the attachment. */
  id: string;
  conversation: string;
  url: string;
  /** Whose it is, for the bar that stands while another conversation is open. */
  title: string;
}

export interface Playing extends Track {
  playing: boolean;
  failed: boolean;
  /** Seconds. */
  at: number;
  /** Seconds; 0 while the file has not said. */
  length: number;
}

const rates = ['1', '1.5', '2'] as const;
export const ratePreference = preference('sb-voice-rate', rates);

let element: HTMLAudioElement | null = null;
let state: Playing | null = null;
const listeners = new Set<() => void>();

onClear(stop);

/** Plays it, pauses it, or goes on. */
export function toggle(track: Track): void {
  if (state?.id !== track.id || state.failed) load(track);
  else if (state.playing) element?.pause();
  else void start();
}

/** Seconds from the beginning; a track that was not begun is begun there. */
export function seek(track: Track, seconds: number): void {
  if (state?.id !== track.id) load(track);
  if (!element || !state) return;
  const to = Math.max(0, Math.min(seconds, state.length || seconds));
  element.currentTime = to;
  set({ at: to });
}

export function nextRate(): void {
  const next = rates[(rates.indexOf(ratePreference.read()) + 1) % rates.length] ?? '1';
  ratePreference.write(next);
  if (element) element.playbackRate = Number(next);
}

export function stop(): void {
  element?.pause();
  element?.removeAttribute('src');
  element = null;
  state = null;
  tell();
}

/** What plays or was paused, if it is this one. */
export function usePlaying(id: string): Playing | null {
  return useSyncExternalStore(subscribe, useCallback(() => (state?.id === id ? state : null), [id]));
}

export function useTrack(): Playing | null {
  return useSyncExternalStore(subscribe, () => state);
}

function load(track: Track): void {
  stop();
  const audio = new Audio(track.url);
  element = audio;
  state = { ...track, playing: false, failed: false, at: 0, length: 0 };
  // What an earlier element still has to say is of no interest.
  const on = (name: string, then: () => void) => audio.addEventListener(name, () => element === audio && then());
  on('play', () => set({ playing: true }));
  on('pause', () => set({ playing: false }));
  on('ended', () => set({ playing: false, at: 0 }));
  on('timeupdate', () => set({ at: audio.currentTime }));
  // A recording that was just made says "endless" until it has been played once.
  on('durationchange', () => Number.isFinite(audio.duration) && set({ length: audio.duration }));
  on('error', () => set({ failed: true, playing: false }));
  void start();
}

async function start(): Promise<void> {
  const audio = element;
  if (!audio) return;
  audio.playbackRate = Number(ratePreference.read());
  try {
    await audio.play();
  } catch {
    // Paused before it began is no fault; a file that can't be played has told it by its event.
  }
}

function set(change: Partial<Playing>): void {
  if (!state) return;
  state = { ...state, ...change };
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
