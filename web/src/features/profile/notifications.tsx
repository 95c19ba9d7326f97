import { useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { askPermission, useAlertSettings } from '@/live/alerts';
import { Switch } from '@/ui/switch';

const permissionNow = () => ('Notification' in window ? Notification.permission : 'denied');

/** Both settings take effect at once; the browser is asked for its permission when the switch is turned on, never before. */
export function NotificationSettings() {
  const { profile } = useTexts();
  const [settings, change] = useAlertSettings();
  const [permission, setPermission] = useState<NotificationPermission>(permissionNow);
  const denied = permission === 'denied';

  const setNotifications = async (on: boolean) => {
    if (on) setPermission(await askPermission());
    else change({ notifications: false });
  };

  return (
    <>
      <Switch
        label={profile.browser}
        hint={denied ? profile.browserDenied : profile.browserHint}
        disabled={denied}
        checked={settings.notifications && permission === 'granted'}
        onChange={(on) => void setNotifications(on)}
      />
      <Switch label={profile.sound} hint={profile.soundHint} checked={settings.sound} onChange={(sound) => change({ sound })} />
    </>
  );
}
