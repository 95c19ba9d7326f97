import type { ComponentProps } from 'react';
import { useFieldProps } from './field';
import { control, cx } from './styles';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...useFieldProps()} {...rest} className={cx(control, 'w-full min-w-0 px-2.5', className)} />;
}
