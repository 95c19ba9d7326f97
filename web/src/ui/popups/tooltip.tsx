import { Tooltip as Base } from '@base-ui/react/tooltip';
import { useState } from 'react';
import { homeOf } from '../home';
import { Kbd } from '../kbd';
import { hideTooltip, holdTooltip, leaveTooltip, type ShownTooltip } from '../tooltip';

export function TooltipBubble({ tooltip }: { tooltip: ShownTooltip | null }) {
  // What it said is still there while it fades.
  const [last, setLast] = useState(tooltip);
  if (tooltip !== null && tooltip !== last) setLast(tooltip);
  const said = tooltip ?? last;
  if (said === null) return null;
  return (
    <Base.Root open={tooltip !== null} onOpenChange={(next) => !next && hideTooltip()}>
      <Base.Portal container={homeOf(said.anchor)}>
        <Base.Positioner positionMethod="fixed" anchor={said.anchor} side={said.side ?? 'top'} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            onPointerEnter={holdTooltip}
            onPointerLeave={leaveTooltip}
            className="flex max-w-64 origin-(--transform-origin) items-center gap-2 rounded-6 bg-ink px-2 py-1 text-12 font-medium text-panel shadow-high transition-opacity duration-120 data-starting-style:opacity-0 data-ending-style:opacity-0 forced-colors:border"
          >
            {said.text}
            {said.shortcut && <Kbd keys={said.shortcut} inverse />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
