/** A short two-tone chime, made with WebAudio. Browsers allow it once the page was clicked; before that it is silent. */
const TONES = [
  { hz: 660, at: 0 },
  { hz: 880, at: 0.09 },
];
const LENGTH_S = 0.16;
const LOUDNESS = 0.08;

let context: AudioContext | null = null;

export function chime(): void {
  if (typeof AudioContext === 'undefined') return;
  // Trying it earlier would only put a warning into the console.
  if (context === null && !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  const audio = context;
  audio.resume().then(
    () => play(audio),
    () => undefined,
  );
}

function play(audio: AudioContext): void {
  for (const { hz, at } of TONES) {
    const tone = new OscillatorNode(audio, { type: 'sine', frequency: hz });
    const start = audio.currentTime + at;
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.000_1, start + LENGTH_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + LENGTH_S);
  }
}
