import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  readonly bench: RefObject<HTMLDivElement>;
  readonly label: string;
  readonly axis: 'x' | 'y';
}

const STEP = 3;
const START = { x: 60, y: 54 };

/** A line between two panes: dragged, or moved with the arrow keys. Keeps its share as a CSS variable, in percent. */
export function Splitter({ bench, label, axis }: Props) {
  const [share, setShare] = useState(START[axis]);
  const move = (wanted: number) => {
    const next = Math.min(85, Math.max(15, Math.round(wanted)));
    setShare(next);
    bench.current?.style.setProperty(`--share-${axis}`, `${next}%`);
  };
  const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  return (
    <div
      class={`splitter ${axis}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuenow={share}
      aria-valuemin={15}
      aria-valuemax={85}
      onKeyDown={(event) => {
        if (event.key !== less && event.key !== more) return;
        event.preventDefault();
        move(share + (event.key === more ? STEP : -STEP));
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const room = event.currentTarget.parentElement?.getBoundingClientRect();
        if (!room) return;
        move(
          axis === 'x'
            ? ((event.clientX - room.left) / room.width) * 100
            : ((event.clientY - room.top) / room.height) * 100,
        );
      }}
    />
  );
}
