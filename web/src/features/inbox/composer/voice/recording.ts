/** The microphone, from the question for it to a file with its length and loudness. No looks. */
import type { ChannelKind } from '@/api/types';

/** WhatsApp's voice notes are Opus in Ogg; the server puts WebM's into it as it is. */
const OPUS = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus'];
/** Messenger and Instagram play MP4. AAC first: a browser without an encoder for it puts Opus into the second one. */
const MP4 = ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4'];
const PLAYS_MP4: ReadonlySet<string> = new Set(['messenger', 'instagram']);
/** Enough for speech, and an hour of it still goes through everywhere. */
const BITS = 32_000;
const SAMPLE_MS = 100;
export const LONGEST_MS = 15 * 60_000;
/** Values that a message carries. */
export const MOST_PEAKS = 64;

export interface Recorded {
  blob: Blob;
  duration_ms: number;
  /** 0 to 255. */
  peaks: number[];
}

export interface Recording {
  /** The loudness of now, 0 to 1, and milliseconds since the beginning. */
  onLevel(listener: (level: number, ms: number) => void): void;
  /** Ends it by itself when it is as long as it may be. */
  onEnd(listener: () => void): void;
  stop(): Promise<Recorded>;
  /** Of no interest any more: the microphone is let go of. */
  cancel(): void;
}

export type Fault = 'refused' | 'missing' | 'unable' | 'failed';

export function faultOf(error: unknown): Fault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return name === 'NotSupportedError' ? 'unable' : 'failed';
}

/** What the channel likes best of what the browser has; every browser has one of them. */
export function formOf(channel: ChannelKind | string, supported: (type: string) => boolean): string | undefined {
  return (PLAYS_MP4.has(channel) ? [...MP4, ...OPUS] : [...OPUS, ...MP4]).find(supported);
}

/** Whether a recording can go as a voice note. On WhatsApp one that is not Opus goes as any other sound. */
export function isVoiceNote(type: string, channel: ChannelKind | string): boolean {
  return channel !== 'whatsapp' || /^audio\/(ogg|webm)\b/.test(type);
}

/** As many values as a message carries, each the loudest of its stretch. */
export function thinned(levels: readonly number[], most = MOST_PEAKS): number[] {
  const count = Math.min(most, levels.length);
  return Array.from({ length: count }, (_, index) => {
    const stretch = levels.slice(Math.floor((index * levels.length) / count), Math.floor(((index + 1) * levels.length) / count));
    return Math.round(Math.min(1, Math.max(0, ...stretch)) * 255);
  });
}

/** Of samples around zero; speech is far below full scale, so it is raised. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.min(1, Math.sqrt(sum / Math.max(1, samples.length)) * 4);
}

/** Rejects with what `faultOf` understands. */
export async function record(channel: ChannelKind | string): Promise<Recording> {
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  const form = typeof MediaRecorder === 'undefined' ? undefined : formOf(channel, (type) => MediaRecorder.isTypeSupported(type));
  if (!devices || form === undefined) throw new DOMException('', 'NotSupportedError');
  const stream = await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  try {
    return begun(stream, form);
  } catch (error) {
    release(stream);
    throw error;
  }
}

function begun(stream: MediaStream, form: string): Recording {
  const recorder = new MediaRecorder(stream, { mimeType: form, audioBitsPerSecond: BITS });
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  const meter = metered(stream);
  const levels: number[] = [];
  const start = performance.now();
  let listener: (level: number, ms: number) => void = () => undefined;
  let ended: () => void = () => undefined;
  const timer = setInterval(() => {
    const level = meter.level();
    levels.push(level);
    const ms = performance.now() - start;
    listener(level, ms);
    if (ms >= LONGEST_MS) ended();
  }, SAMPLE_MS);
  let length = 0;
  const end = () => {
    clearInterval(timer);
    length ||= performance.now() - start;
    meter.close();
    release(stream);
  };
  recorder.start();
  return {
    onLevel: (next) => (listener = next),
    onEnd: (next) => (ended = next),
    stop: async () => {
      if (recorder.state !== 'inactive') {
        const last = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
        recorder.stop();
        await last;
      }
      end();
      return { blob: new Blob(chunks, { type: form }), duration_ms: Math.round(length), peaks: thinned(levels) };
    },
    cancel: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      end();
    },
  };
}

function metered(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    close: () => void context.close().catch(() => undefined),
  };
}

/** Or the browser goes on showing that the microphone is on. */
function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
