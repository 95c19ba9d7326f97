import { Field } from '@base-ui/react/field';
import type { ComponentProps } from 'react';
import { control, cx } from './styles';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <Field.Control {...rest} className={cx(control, 'w-full min-w-0 px-2.5', className)} />;
}
