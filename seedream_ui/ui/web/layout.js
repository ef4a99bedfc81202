// How the frames lie on the table.

const RATIOS = /^(\d+):(\d+)$/;

// Width ÷ height of the frames of a draft, before the server has said anything.
export function ratioOf(draft) {
  const { size, references } = draft;
  if (size.kind === "exact") return size.width / size.height || 1;
  const found = RATIOS.exec(size.aspect_ratio);
  if (found) return Number(found[1]) / Number(found[2]);
  return references[0] ? references[0].width / references[0].height : 1;
}

export const GAP = 20;
export const CAPTION = 56;

// The number of columns that makes the frames largest within width × height (px), and the width of one frame.
export function fit(count, ratio, width, height) {
  let best = { columns: 1, frame: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const wide = (width - GAP * (columns - 1)) / columns;
    const high = ((height - GAP * (rows - 1)) / rows - CAPTION) * ratio;
    const frame = Math.floor(Math.min(wide, high));
    if (frame > best.frame) best = { columns, frame };
  }
  return best;
}

// The line that runs through the frames of a sequence: along each row, and from its end to the start of the next.
export function thread(count, columns, frame, ratio) {
  const high = frame / ratio;
  const x = i => (i % columns) * (frame + GAP);
  const y = i => Math.floor(i / columns) * (high + CAPTION + GAP) + high / 2;
  let path = `M0 ${y(0)}`;
  for (let i = 1; i < count; i++) {
    if (i % columns) path += `H${x(i)}`;
    else {
      const turn = y(i) - high / 2 - GAP / 2;
      path += `H${x(i - 1) + frame + GAP / 2 - 1}V${turn}H${-GAP / 2 + 1}V${y(i)}H0`;
    }
  }
  return path + `H${x(count - 1) + frame}`;
}
