import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { asApiError } from '@/api/client';
import { useTexts } from '@/lib/i18n';
import { setupNeeded, signIn, useLeft, useSession } from '@/store/session';
import { Button } from '@/ui/button';
import { missing, type Refusal, refusal } from './errors';
import { FormFault, PasswordField, TextField, useFocusOnRefusal } from './fields';
import { AuthLayout } from './layout';
import { returnPath } from './return-path';

const NONE: Refusal = { form: null, fields: {} };

/** Where a signed-in person came from or is going to. */
function useReturn(): string {
  const { to }: Record<string, unknown> = useSearch({ strict: false });
  const left = useLeft();
  const navigate = useNavigate();
  const isOver = left && to !== undefined;
  useEffect(() => {
    // That it was on purpose is sometimes heard after the session has ended here: whoever comes next is led nowhere.
    if (isOver) void navigate({ to: '/login', search: {}, replace: true });
  }, [isOver, navigate]);
  return returnPath(left ? undefined : to);
}

export function SignInPage() {
  const { auth } = useTexts();
  const session = useSession();
  const { history } = useRouter();
  const navigate = useNavigate();
  const back = useReturn();
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<Refusal>(NONE);
  const [busy, setBusy] = useState(false);
  useFocusOnRefusal(form, refused);

  useEffect(() => {
    if (session === 'in') history.replace(back);
  }, [session, back, history]);

  useEffect(() => {
    let gone = false;
    setupNeeded()
      .then((needed) => {
        if (needed && !gone) void navigate({ to: '/setup', replace: true });
      })
      // Whoever can sign in need not know; the form says what is wrong when it is sent.
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [navigate]);

  if (session === 'in') return null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const empty = missing({ email, password }, auth.required);
    setRefused(empty);
    if (Object.keys(empty.fields).length > 0 || busy) return;
    setBusy(true);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      setRefused(refusal(asApiError(error), auth, auth.failed));
    } finally {
      setBusy(false);
    }
  };

  return (
    <AuthLayout title={auth.title}>
      <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <FormFault text={refused.form} />
        <TextField
          label={auth.email}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          autoFocus
          value={email}
          error={refused.fields['email']}
          onChange={setEmail}
        />
        <PasswordField label={auth.password} name="password" autoComplete="current-password" value={password} error={refused.fields['password']} onChange={setPassword} />
        <Button type="submit" variant="primary" busy={busy} className="min-h-10">
          {auth.signIn}
        </Button>
      </form>
      <p className="text-12 text-pretty text-ink-3">{auth.forgotten}</p>
    </AuthLayout>
  );
}
