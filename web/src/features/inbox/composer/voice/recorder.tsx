/**
 * A recording in the making: asked for, made, listened to, sent.
 *
 * Invariants: the microphone is on only while this says so; a recording that was not discarded is never lost, since whoever leaves
 * the conversation finds it in its tray. Absent on purpose: pausing, and cutting.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Mic, MicOff, SendHorizontal, Square, Trash2 } from 'lucide-react';
import { uuid } from '@/api/client';
import type { Conversation, DraftKind } from '@/api/types';
import { announce } from '@/lib/announce';
import { clock } from '@/lib/format';
import { texts, useTexts } from '@/lib/i18n';
import type { UnsentFile } from '@/store/outbox-entry';
import { addToTray, hold } from '@/store/tray';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { toast } from '@/ui/toast';
import { VoiceFace } from '../../faces/voice';
import { stop as stopPlaying } from '../../media/player';
import { reasonOf, sayUnkept } from '../attach';
import { judge } from '../limits';
import type { Send } from '../send';
import { type Fault, faultOf, isVoiceNote, type Recorded, record, type Recording } from './recording';

interface RecorderProps {
  conversation: Conversation;
  kind: DraftKind;
  onSend: Send;
  onClose(): void;
}

type State = { at: 'asking' } | { at: 'recording' } | { at: 'made'; made: Recorded } | { at: 'fault'; fault: Fault };

export function Recorder({ conversation, kind, onSend, onClose }: RecorderProps) {
  const t = useTexts().files.voice;
  const [state, setState] = useState<State>({ at: 'asking' });
  const { recording, finish, settled } = useRecording(conversation, kind, state, setState);

  const close = () => {
    settled.current = true;
    stopPlaying();
    onClose();
  };
  const send = async (made: Recorded) => {
    const verdict = judge({ type: made.blob.type, size: made.blob.size, voice: true }, conversation.channel.kind, kind === 'note');
    if ('refused' in verdict) {
      toast({ title: texts().files.refused(1), text: `${t.name}: ${reasonOf(verdict)}`, tone: 'danger' });
      return;
    }
    close();
    const key = uuid();
    const file = fileOf(made, conversation.channel.kind);
    const kept = await hold(key, made.blob, file);
    onSend({ only: { ...file, key } });
    sayUnkept(kept);
  };

  if (state.at === 'fault') {
    return (
      <Bar>
        <MicOff size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-danger-text" />
        <p role="alert" className="min-w-0 flex-1 text-danger-text">
          {t[state.fault]}
        </p>
        <Button size="sm" onClick={close}>
          {t.close}
        </Button>
      </Bar>
    );
  }
  return (
    <Bar>
      <IconButton label={t.cancel} icon={<Trash2 size={16} strokeWidth={1.75} />} onClick={close} />
      {state.at === 'asking' && (
        <p role="status" className="min-w-0 flex-1 text-ink-2">
          {t.asking}
        </p>
      )}
      {state.at === 'recording' && recording && (
        <>
          <Meter recording={recording} onEnd={() => void finish()} />
          <Button autoFocus icon={<Square size={13} fill="currentColor" aria-hidden="true" />} onClick={() => void finish()}>
            {t.stop}
          </Button>
        </>
      )}
      {state.at === 'made' && (
        <>
          <Preview made={state.made} conversation={conversation.id} />
          <Button autoFocus variant="primary" icon={<SendHorizontal size={15} aria-hidden="true" className="rtl:-scale-x-100" />} onClick={() => void send(state.made)}>
            <span className="max-sm:sr-only">{kind === 'note' ? t.attach : t.send}</span>
          </Button>
        </>
      )}
    </Bar>
  );
}

function Bar({ children }: { children: ReactNode }) {
  const t = useTexts().files.voice;
  return (
    <div role="group" aria-label={t.record} className="mb-2 flex min-h-11 flex-wrap items-center gap-2 rounded-8 border border-line bg-raised px-2 py-1">
      {children}
    </div>
  );
}

function fileOf({ blob, duration_ms, peaks }: Recorded, channel: string): UnsentFile {
  const type = blob.type.split(';')[0] ?? blob.type;
  const ending = type === 'audio/mp4' ? 'm4a' : type.slice(type.indexOf('/') + 1);
  return { name: `${texts().files.voice.name}.${ending}`, type: blob.type, size: blob.size, kind: 'audio', voice: isVoiceNote(type, channel), duration_ms, peaks };
}

/** Runs from the first moment on; `settled` says that nothing of it is to be kept. */
function useRecording(conversation: Conversation, kind: DraftKind, state: State, setState: (state: State) => void) {
  const [recording, setRecording] = useState<Recording | null>(null);
  const settled = useRef(false);
  const now = useRef({ recording, state });
  now.current = { recording, state };
  const finish = async () => {
    if (!recording || settled.current) return;
    const made = await recording.stop();
    if (!settled.current) setState({ at: 'made', made });
  };
  useEffect(() => {
    let left = false;
    settled.current = false;
    record(conversation.channel.kind).then(
      (begun) => {
        if (left) {
          begun.cancel();
          return;
        }
        setRecording(begun);
        setState({ at: 'recording' });
        announce(texts().files.voice.recording);
      },
      (error: unknown) => !left && setState({ at: 'fault', fault: faultOf(error) }),
    );
    return () => {
      left = true;
      const last = now.current;
      const keep = (made: Recorded) => void addToTray(conversation.id, kind, made.blob, fileOf(made, conversation.channel.kind)).then(sayUnkept);
      if (settled.current) last.recording?.cancel();
      else if (last.state.at === 'made') keep(last.state.made);
      else if (last.state.at === 'recording') void last.recording?.stop().then(keep);
      settled.current = true;
    };
    // The conversation and the kind are those that it was begun for; the composer mounts another one for others.
  }, []); // oxlint-disable-line react-hooks/exhaustive-deps
  return { recording, finish, settled };
}

function Meter({ recording, onEnd }: { recording: Recording; onEnd(): void }) {
  const t = useTexts().files.voice;
  const [{ level, ms }, set] = useState({ level: 0, ms: 0 });
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    recording.onLevel((nextLevel, nextMs) => set({ level: nextLevel, ms: nextMs }));
    recording.onEnd(() => {
      announce(texts().files.voice.longest);
      end.current();
    });
  }, [recording]);
  return (
    <>
      <Mic size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-danger-text" />
      <span className="w-10 tabular-nums">
        <span className="sr-only">{t.recording} </span>
        <bdi>{clock(ms / 1000)}</bdi>
      </span>
      <div role="meter" aria-label={t.level} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(level * 100)} className="h-2 min-w-16 flex-1 overflow-hidden rounded-6 bg-hover">
        <div className="h-full origin-left rounded-6 bg-accent transition-transform duration-120 rtl:origin-right" style={{ transform: `scaleX(${level.toFixed(3)})` }} />
      </div>
    </>
  );
}

function Preview({ made, conversation }: { made: Recorded; conversation: string }) {
  const [url, setUrl] = useState<string | null>(null);
  const t = useTexts().files.voice;
  useEffect(() => {
    const address = URL.createObjectURL(made.blob);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [made]);
  return (
    <div className="min-w-0 flex-1 basis-48">
      {url !== null && <VoiceFace track={{ id: url, conversation, url, title: t.name }} kind="voice" peaks={made.peaks} duration={made.duration_ms} />}
    </div>
  );
}
