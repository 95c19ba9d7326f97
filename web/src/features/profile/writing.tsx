import { sendKeyPreference, undoSendPreference } from '@/lib/composing';
import { useTexts } from '@/lib/i18n';
import { usePreference } from '@/lib/prefs';
import { Switch } from '@/ui/switch';
import { Choices } from './choices';

export function WritingSettings() {
  const { profile } = useTexts();
  const [sendKey, setSendKey] = usePreference(sendKeyPreference);
  const [undo, setUndo] = usePreference(undoSendPreference);
  return (
    <>
      <Choices
        label={profile.sendKey}
        name="send-key"
        value={sendKey}
        onChange={setSendKey}
        items={[
          { value: 'enter', label: profile.sendKeys.enter },
          { value: 'mod-enter', label: profile.sendKeys.modEnter },
        ]}
      />
      <Switch label={profile.undoSend} hint={profile.undoSendHint} checked={undo === 'on'} onChange={(on) => setUndo(on ? 'on' : 'off')} />
    </>
  );
}
