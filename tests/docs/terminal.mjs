// Draws a session as a terminal would show it: reads commands (`$ …`) and what they print, in its colours, and writes SVG. The text stays
// text, on a background of its own, so that it can be read on a light page and on a dark one.
import fs from 'node:fs';

const columns = 100;
const size = { font: 14, cell: 8.43, line: 19, margin: 18, bar: 34 };
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

// The codes by which the program colours what it writes to a terminal.
const classes = { 0: '', 31: 'bad', 32: 'good', 33: 'next', '1;31': 'error', '1;35': 'warning' };

// Each character with its class, '' for none.
function cellsOf(line) {
  let name = '';
  return line.split(/\x1b\[([\d;]*)m/).flatMap((part, i) => {
    if (i % 2 === 0) return [...part].map((character) => ({ character, name }));
    if (!(part in classes)) throw new Error(`no colour is known for ${part}`);
    name = classes[part];
    return [];
  });
}

function coloured(cells) {
  let drawn = '', open = '';
  for (const { character, name } of [...cells, { character: '', name: '' }]) {
    if (name !== open) drawn += (open && '</tspan>') + (name && `<tspan class="${name}">`);
    drawn += escape(character);
    open = name;
  }
  return drawn;
}

// A terminal breaks a line where it ends.
function wrap(cells) {
  const parts = [];
  for (let at = 0; at === 0 || at < cells.length; at += columns) parts.push(cells.slice(at, at + columns));
  return parts;
}

const printed = fs.readFileSync(0, 'utf8').trimEnd().split('\n');
const lines = printed.flatMap((line) => wrap(cellsOf(line)).map((cells, part) => ({ cells, isCommand: part === 0 && line.startsWith('$ ') })));
const width = Math.ceil(columns * size.cell + 2 * size.margin);
const height = size.bar + lines.length * size.line + size.margin;
const rows = lines.map(({ cells, isCommand }, row) => {
  const body = isCommand ? `<tspan class="prompt">$</tspan><tspan class="typed">${coloured(cells.slice(1))}</tspan>` : coloured(cells);
  return `  <text x="${size.margin}" y="${size.bar + (row + 1) * size.line - 5}">${body}</text>`;
});
console.log(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
  <title>A terminal session with migfs</title>
  <style>
    text { font: ${size.font}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #c9d1d9 }
    .prompt { fill: #7ee787 }
    .typed { fill: #ffffff; font-weight: bold }
    .bad { fill: #ff7b72 } .good { fill: #7ee787 } .next { fill: #d29922 }
    .error { fill: #ff7b72; font-weight: bold } .warning { fill: #d2a8ff; font-weight: bold }
  </style>
  <rect width="${width}" height="${height}" rx="10" fill="#161b22" stroke="#6e7681"/>
  <circle cx="20" cy="17" r="5" fill="#6e7681"/><circle cx="38" cy="17" r="5" fill="#6e7681"/><circle cx="56" cy="17" r="5" fill="#6e7681"/>
${rows.join('\n')}
</svg>`);
