// A deep-zoom viewer: pan, zoom and the name of the tile under the pointer. No library, no server.
"use strict";

const { width, height, side, levels, rows, columns, names, cells } = MOSAIC;
const canvas = document.getElementById("view");
const label = document.getElementById("name");
const pen = canvas.getContext("2d");
const CLOSEST = 8; // screen pixels for one of the picture
const KEPT = 600; // pictures of tiles that are held

let scale = 1; // screen pixels for one of the picture
let centre = { x: width / 2, y: height / 2 };
let fitted = true;
let waiting = false;
const pictures = new Map();
const pointers = new Map();
let under = { row: -1, column: -1 };

function fitScale() {
  return Math.min(canvas.clientWidth / width, canvas.clientHeight / height);
}

function redraw() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(draw);
  }
}

function keepInside() {
  scale = Math.min(Math.max(scale, fitScale() / 2), Math.max(CLOSEST, fitScale()));
  centre.x = Math.min(Math.max(centre.x, 0), width);
  centre.y = Math.min(Math.max(centre.y, 0), height);
}

function showAll() {
  fitted = true;
  scale = fitScale();
  centre = { x: width / 2, y: height / 2 };
  redraw();
}

// The picture of a tile if it has come; else null, and it is asked for when `wanted`.
function picture(level, column, row, wanted) {
  const key = `${level}/${column}_${row}`;
  let found = pictures.get(key);
  if (found) {
    pictures.delete(key); // the last used are last
    pictures.set(key, found);
  } else if (wanted) {
    found = new Image();
    found.onload = redraw;
    found.src = `mosaic_files/${key}.jpg`;
    pictures.set(key, found);
    if (pictures.size > KEPT) pictures.delete(pictures.keys().next().value);
  }
  return found && found.complete && found.naturalWidth ? found : null;
}

function drawLevel(level, wanted) {
  const factor = 2 ** (levels - 1 - level); // pixels of the picture for one of this level
  const span = side * factor;
  const left = centre.x - canvas.clientWidth / 2 / scale;
  const top = centre.y - canvas.clientHeight / 2 / scale;
  const lastColumn = Math.ceil(Math.ceil(width / factor) / side) - 1;
  const lastRow = Math.ceil(Math.ceil(height / factor) / side) - 1;
  const from = { x: Math.max(0, Math.floor(left / span)), y: Math.max(0, Math.floor(top / span)) };
  const to = {
    x: Math.min(lastColumn, Math.floor((left + canvas.clientWidth / scale) / span)),
    y: Math.min(lastRow, Math.floor((top + canvas.clientHeight / scale) / span)),
  };
  const device = canvas.width / canvas.clientWidth;
  for (let row = from.y; row <= to.y; row++) {
    for (let column = from.x; column <= to.x; column++) {
      const tile = picture(level, column, row, wanted);
      if (!tile) continue;
      // Edges fall on whole pixels of the screen: no seams.
      const x = Math.round((column * span - left) * scale * device);
      const y = Math.round((row * span - top) * scale * device);
      const right = (column * span + tile.naturalWidth * factor - left) * scale * device;
      const bottom = (row * span + tile.naturalHeight * factor - top) * scale * device;
      pen.drawImage(tile, x, y, Math.round(right) - x, Math.round(bottom) - y);
    }
  }
}

function draw() {
  waiting = false;
  const device = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * device);
  canvas.height = Math.round(canvas.clientHeight * device);
  if (fitted) scale = fitScale();
  keepInside();
  pen.imageSmoothingEnabled = scale * device < 3;
  const exact = levels - 1 + Math.ceil(Math.log2(scale * device));
  const level = Math.min(Math.max(exact, 0), levels - 1);
  // What is there of coarser levels first: the finest covers it as it comes.
  const coarsest = Math.min(level, Math.max(0, Math.ceil(Math.log2(side))));
  for (let each = coarsest; each < level; each++) drawLevel(each, each === coarsest);
  drawLevel(level, true);
  outline(device);
}

function outline(device) {
  if (under.row < 0) return;
  const wide = (width / columns) * scale * device;
  const tall = (height / rows) * scale * device;
  if (wide < 12) return;
  const left = canvas.width / 2 - centre.x * scale * device;
  const top = canvas.height / 2 - centre.y * scale * device;
  pen.lineWidth = 2 * device;
  pen.strokeStyle = "#fff";
  pen.strokeRect(left + under.column * wide, top + under.row * tall, wide, tall);
}

function toPicture(x, y) {
  return {
    x: centre.x + (x - canvas.clientWidth / 2) / scale,
    y: centre.y + (y - canvas.clientHeight / 2) / scale,
  };
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const before = toPicture(x, y);
  fitted = false;
  scale *= factor;
  keepInside();
  const after = toPicture(x, y);
  centre.x += before.x - after.x;
  centre.y += before.y - after.y;
  redraw();
}

function pan(x, y) {
  fitted = false;
  centre.x -= x / scale;
  centre.y -= y / scale;
  redraw();
}

function point(x, y) {
  const at = toPicture(x, y);
  const column = Math.floor((at.x / width) * columns);
  const row = Math.floor((at.y / height) * rows);
  const inside = column >= 0 && column < columns && row >= 0 && row < rows;
  under = inside ? { row, column } : { row: -1, column: -1 };
  label.textContent = inside ? names[cells[row * columns + column]] : "";
  redraw();
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  canvas.classList.add("moving");
  point(event.offsetX, event.offsetY);
});

canvas.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  const now = { x: event.offsetX, y: event.offsetY };
  if (before && pointers.size === 1) pan(now.x - before.x, now.y - before.y);
  if (before && pointers.size === 2) pinch(event.pointerId, before, now);
  if (before) pointers.set(event.pointerId, now);
  if (pointers.size < 2) point(now.x, now.y);
});

function pinch(id, before, now) {
  const other = [...pointers].find(([each]) => each !== id)[1];
  const distance = (a) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
  pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  zoom(distance(now) / distance(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
}

for (const kind of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) canvas.classList.remove("moving");
  });
}

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const pixels = event.deltaY * (event.deltaMode === 1 ? 30 : 1);
  zoom(Math.exp(-Math.max(-200, Math.min(200, pixels)) / 300), event.offsetX, event.offsetY);
  point(event.offsetX, event.offsetY);
}, { passive: false });

canvas.addEventListener("dblclick", (event) => zoom(2, event.offsetX, event.offsetY));

const KEYS = {
  ArrowLeft: () => pan(80, 0),
  ArrowRight: () => pan(-80, 0),
  ArrowUp: () => pan(0, 80),
  ArrowDown: () => pan(0, -80),
  "+": () => zoom(1.5),
  "=": () => zoom(1.5),
  "-": () => zoom(1 / 1.5),
  0: showAll,
  Home: showAll,
};

window.addEventListener("keydown", (event) => {
  if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  KEYS[event.key]();
  point(canvas.clientWidth / 2, canvas.clientHeight / 2);
});

document.getElementById("in").addEventListener("click", () => zoom(1.5));
document.getElementById("out").addEventListener("click", () => zoom(1 / 1.5));
document.getElementById("all").addEventListener("click", showAll);
new ResizeObserver(redraw).observe(canvas);
showAll();
