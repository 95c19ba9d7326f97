/** What a template wants to know, with what it will look like beside it. */
import { type FormEvent, useState } from 'react';
import { ArrowLeft, Paperclip, Receipt, SendHorizontal, X } from 'lucide-react';
import { uuid } from '@/api/client';
import type { Template, TemplateParameter } from '@/api/types';
import { announce } from '@/lib/announce';
import { bytes } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { hideLocally, useLocalUrl } from '@/store/local-files';
import { hold, type TrayFile } from '@/store/tray';
import { beginUpload, cancelUpload } from '@/store/uploads';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { IconButton } from '@/ui/icon-button';
import { Input } from '@/ui/input';
import { costNote, type ReplyWindow } from '../../cost';
import { reasonOf, sayUnkept } from '../attach';
import { judge } from '../limits';
import { definitionOf, fileParameter, isComplete, isFile, knownValues, parametersOf, type Values, wordsOf } from './definition';
import type { Use } from './picker';
import { Preview } from './preview';

interface FormProps {
  template: Template;
  customer: string;
  replyWindow: ReplyWindow;
  onUse: Use;
  onBack(): void;
}

export function TemplateForm({ template, customer, replyWindow, onUse, onBack }: FormProps) {
  const t = useTexts().templates;
  const [values, setValues] = useState<Values>(() => knownValues(template, customer));
  const [file, setFile] = useState<TrayFile | null>(null);
  const url = useLocalUrl(file?.key);
  const wanted = fileParameter(template);
  const complete = isComplete(template, values, file !== null);
  const drop = () => {
    if (file) {
      hideLocally(file.key);
      void cancelUpload(file.key);
    }
    setFile(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!complete) {
      announce(t.incomplete);
      return;
    }
    onUse({ id: template.id, parameters: parametersOf(template, values), preview: wordsOf(template, values), file_for: wanted?.key ?? null }, file);
  };
  return (
    <form onSubmit={submit} className="@container flex flex-col gap-3">
      <div className="flex items-center gap-2">
        <IconButton
          label={t.back}
          icon={<ArrowLeft size={16} className="rtl:-scale-x-100" />}
          onClick={() => {
            drop();
            onBack();
          }}
        />
        <p className="min-w-0 flex-1 truncate text-14 font-semibold">
          <bdi>{template.name}</bdi>
        </p>
        <Button type="submit" variant="primary" disabled={!complete} icon={<SendHorizontal size={15} strokeWidth={1.75} aria-hidden="true" className="rtl:-scale-x-100" />}>
          {t.send}
        </Button>
      </div>
      <div className="grid gap-4 @[34rem]:grid-cols-2">
        <div className="flex flex-col gap-3">
          {template.parameters.length === 0 && <p className="text-13 text-ink-2">{t.nothingToFill}</p>}
          {template.parameters.map((parameter, index) =>
            isFile(parameter.kind) ? (
              <FileSlot key={parameter.key} kind={parameter.kind} file={file} onFile={setFile} onDrop={drop} />
            ) : (
              <Field key={parameter.key} label={labelOf(parameter, t)} hint={parameter.example ? t.example(parameter.example) : undefined}>
                <Input
                  autoFocus={index === 0}
                  dir="auto"
                  value={values[parameter.key] ?? ''}
                  onChange={(event) => setValues({ ...values, [parameter.key]: event.currentTarget.value })}
                />
              </Field>
            ),
          )}
        </div>
        <div className="flex flex-col gap-2">
          <Preview definition={definitionOf(template)} values={values} file={file && { url, name: file.name }} />
          <Cost category={template.category} replyWindow={replyWindow} />
        </div>
      </div>
    </form>
  );
}

/** What kind it is to Meta, and what that means for the bill. */
function Cost({ category, replyWindow }: { category: string; replyWindow: ReplyWindow }) {
  const t = useTexts().templates;
  const note = costNote(category, replyWindow);
  return (
    <p className="flex gap-1.5 text-12 text-ink-2">
      <Receipt size={14} strokeWidth={1.75} aria-hidden="true" className="mt-px shrink-0" />
      <span>
        <span className="font-medium text-ink">{own<string>(t.categories, category) ?? category}.</span> {note && t.costs[note]}
      </span>
    </p>
  );
}

function labelOf({ key, kind }: TemplateParameter, t: ReturnType<typeof useTexts>['templates']): string {
  const [part = '', ...rest] = key.split('.');
  const name = rest[0] ?? '';
  if (part === 'button') return kind === 'copy_code' ? t.codeField : t.linkField(Number(name) + 1);
  const named = /^\d+$/.test(name) ? name : name.replaceAll('_', ' ');
  return part === 'header' ? t.headerField(named) : t.bodyField(named);
}

interface SlotProps {
  kind: 'image' | 'video' | 'document';
  file: TrayFile | null;
  onFile(file: TrayFile): void;
  onDrop(): void;
}

/** The file above the text. It begins its way at once, as one in the tray does. */
function FileSlot({ kind, file, onFile, onDrop }: SlotProps) {
  const t = useTexts();
  const [wrong, setWrong] = useState<string | null>(null);
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    const type = chosen.type || 'application/octet-stream';
    const verdict = judge({ type, size: chosen.size }, 'whatsapp', false);
    if ('refused' in verdict) setWrong(`${chosen.name}: ${reasonOf(verdict)}`);
    else if (verdict.kind !== kind) setWrong(t.templates.wrongFile[kind]);
    else {
      setWrong(null);
      const one: TrayFile = { key: uuid(), name: chosen.name, type, size: chosen.size, kind, voice: false };
      onFile(one);
      void hold(one.key, chosen, one).then((kept) => {
        sayUnkept(kept);
        beginUpload(one.key);
      });
    }
  };
  return (
    <div className="flex flex-col gap-1">
      <span className="text-12 font-medium text-ink-2">{t.templates.headers[kind]}</span>
      {file ? (
        <div className="flex items-center gap-2 rounded-8 border border-line bg-raised py-1 ps-2.5 pe-1">
          <span className="min-w-0 flex-1 truncate">
            <bdi>{file.name}</bdi> <span className="text-ink-2">{bytes(file.size)}</span>
          </span>
          <IconButton size="sm" label={t.files.remove(file.name)} icon={<X size={14} />} onClick={onDrop} />
        </div>
      ) : (
        <label className="hit flex min-h-control cursor-pointer items-center justify-center gap-2 rounded-8 border border-dashed border-line-strong px-3 py-2 text-13 text-ink-2 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent-text">
          <Paperclip size={15} strokeWidth={1.75} aria-hidden="true" />
          {t.templates.chooseFile[kind]}
          <input type="file" className="sr-only" onChange={(event) => choose(event.currentTarget.files?.[0])} />
        </label>
      )}
      {wrong !== null && (
        <p role="alert" className="text-12 text-danger-text">
          {wrong}
        </p>
      )}
    </div>
  );
}
