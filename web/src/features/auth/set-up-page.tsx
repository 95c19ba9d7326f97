import { Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, asApiError } from '@/api/client';
import { useTexts } from '@/lib/i18n';
import { setUp, setupNeeded, useSession } from '@/store/session';
import { Button } from '@/ui/button';
import { ErrorState } from '@/ui/error-state';
import { Later } from '@/ui/skeleton';
import { linkClass } from '@/ui/styles';
import { missing, type Refusal, refusal } from './errors';
import { FormFault, PasswordField, TextField, useFocusOnRefusal } from './fields';
import { AuthLayout } from './layout';

/** A link to this page may bring the token as `#token=…`: a fragment is sent to nobody and stands in no log. */
function tokenInAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
}

export function SetUpPage() {
  const { auth } = useTexts();
  const session = useSession();
  const { history } = useRouter();
  const [needed, setNeeded] = useState<boolean | ApiError | null>(null);
  /** Somebody else was first while this form was being filled in. */
  const [late, setLate] = useState(false);
  // Kept from the first moment on: the next effect takes it out of the address, and so out of the history.
  const [token] = useState(tokenInAddress);

  const ask = useCallback(() => {
    setNeeded(null);
    setupNeeded().then(setNeeded, (error: unknown) => setNeeded(asApiError(error)));
  }, []);
  useEffect(ask, [ask]);
  useEffect(() => {
    if (location.hash !== '') history.replace('/setup');
  }, [history]);
  useEffect(() => {
    if (session === 'in') history.replace('/inbox');
    else if (needed === false) history.replace('/login');
  }, [session, needed, history]);

  if (session === 'in' || needed === false) return null;
  if (late) return <TooLate />;
  return (
    <AuthLayout title={auth.setupTitle} text={auth.setupText}>
      {needed === null && (
        <Later>
          <p className="text-13 text-ink-2">{auth.checking}</p>
        </Later>
      )}
      {needed === true && <SetUpForm token={token} onLate={() => setLate(true)} />}
      {typeof needed === 'object' && needed !== null && <ErrorState error={needed} retry={ask} />}
    </AuthLayout>
  );
}

function TooLate() {
  const { auth } = useTexts();
  return (
    <AuthLayout title={auth.setupTitle}>
      <div role="alert" className="flex flex-col gap-4">
        <p className="text-14 text-pretty">{auth.setupDone}</p>
        <Link to="/login" className={`${linkClass} self-start`}>
          {auth.signIn}
        </Link>
      </div>
    </AuthLayout>
  );
}

function SetUpForm({ token, onLate }: { token: string; onLate(): void }) {
  const { auth } = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState({ token, name: '', email: '', password: '' });
  const [refused, setRefused] = useState<Refusal>({ form: null, fields: {} });
  const [busy, setBusy] = useState(false);
  useFocusOnRefusal(form, refused);

  const field = (name: keyof typeof values) => ({
    name,
    value: values[name],
    error: refused.fields[name],
    onChange: (value: string) => setValues((before) => ({ ...before, [name]: value })),
  });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const empty = missing(values, { ...auth.required, password: auth.required.newPassword });
    setRefused(empty);
    if (Object.keys(empty.fields).length > 0 || busy) return;
    setBusy(true);
    try {
      await setUp({ token: values.token.trim(), name: values.name.trim(), email: values.email.trim(), password: values.password });
    } catch (error) {
      const said = refusal(asApiError(error), auth, '');
      // Refused without a word of ours: the token is wrong, or too late. Only the server knows which.
      if (said.form !== '') setRefused(said);
      else if (await setupNeeded().catch(() => true)) setRefused({ form: null, fields: { token: auth.wrongToken } });
      else onLate();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <FormFault text={refused.form} />
      <TextField {...field('token')} label={auth.token} hint={auth.tokenHint} autoComplete="off" autoCapitalize="none" spellCheck={false} dir="ltr" autoFocus={token === ''} />
      <TextField {...field('name')} label={auth.name} hint={auth.nameHint} autoComplete="name" autoFocus={token !== ''} />
      <TextField {...field('email')} label={auth.email} type="email" inputMode="email" autoComplete="username" autoCapitalize="none" spellCheck={false} dir="ltr" />
      <PasswordField {...field('password')} label={auth.password} hint={auth.passwordHint} autoComplete="new-password" />
      <Button type="submit" variant="primary" busy={busy} className="min-h-10">
        {auth.setUp}
      </Button>
    </form>
  );
}
