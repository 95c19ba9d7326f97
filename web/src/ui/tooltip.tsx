import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import { Kbd } from './kbd';

/** The bubble alone, for parts that bring their own trigger. */
export function TooltipPopup({ text, shortcut }: { text: string; shortcut?: string }) {
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={6} collisionPadding={8} className="z-50">
        <Base.Popup className="flex max-w-64 origin-(--transform-origin) items-center gap-2 rounded-6 bg-ink px-2 py-1 text-12 font-medium text-panel shadow-high transition-opacity duration-120 data-starting-style:opacity-0 data-ending-style:opacity-0 data-instant:duration-0 forced-colors:border">
          {text}
          {shortcut && <Kbd keys={shortcut} inverse />}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** Says more about something that has a name already; never the only place of an information. */
export function Tooltip({ text, shortcut, children }: { text: string; shortcut?: string; children: ReactElement }) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <TooltipPopup text={text} shortcut={shortcut} />
    </Base.Root>
  );
}
