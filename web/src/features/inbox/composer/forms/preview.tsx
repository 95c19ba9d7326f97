import { RichText } from '@/lib/richtext';
import { useTexts } from '@/lib/i18n';
import type { Form } from '@/store/forms';
import { ChoicesFace } from '../../faces/choices';
import { writtenSections } from './content';

/** The message as it will stand on the customer's phone, as far as it is written. */
export function Preview({ form, text }: { form: Form; text: string }) {
  const t = useTexts().forms;
  return (
    <section aria-label={t.preview} className="self-start @[34rem]:sticky @[34rem]:top-16 rounded-16 border border-line bg-sunken p-3">
      <div className="ms-auto max-w-80 rounded-12 rounded-se-[4px] bg-out px-3 py-2 text-14 text-out-ink shadow-low">
        <p className="min-h-5 whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
          <RichText text={text} />
        </p>
        <ChoicesFace message={choicesOf(form)} />
      </div>
    </section>
  );
}

function choicesOf(form: Form): Parameters<typeof ChoicesFace>[0]['message'] {
  if (form.kind === 'buttons') return { buttons: form.titles.map((title) => title.trim()).filter(Boolean).map((title) => ({ id: '', title })) };
  if (form.kind !== 'list') return {};
  const sections = writtenSections(form.sections).map(({ title, rows }) => ({ title, rows: rows.map((row) => ({ id: '', ...row })) }));
  return { list: { button: form.button, sections } };
}
