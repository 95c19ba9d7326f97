import type { ComponentProps } from 'react';
import { useFieldProps } from './field';
import { control, cx } from './styles';

/** Grows with its text up to a third of the screen. */
export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...useFieldProps()}
      {...rest}
      rows={rows}
      style={{ minHeight: `calc(${rows}lh + 0.875rem)` }}
      className={cx(control, 'h-auto! max-h-[33dvh] w-full min-w-0 resize-none px-2.5 py-1.5 [field-sizing:content]', className)}
    />
  );
}
