// A click on a column header sorts the table by that column, numbers numerically; a second click reverses the order.
for (const table of document.querySelectorAll('.output table')) {
  const heads = table.tHead ? [...table.tHead.rows[table.tHead.rows.length - 1].cells] : [];
  const body = table.tBodies[0];
  if (!body || body.rows.length < 2 || table.closest('details:not(.experiment)')) continue;
  heads.forEach((head, column) => {
    head.classList.add('sortable');
    head.tabIndex = 0;
    const sort = () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      heads.forEach(h => h.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const text = row => (row.cells[column]?.innerText ?? '').trim();
      const number = t => parseFloat(t.replace(/[,\s]/g, '').replace('−', '-'));
      const compare = (a, b) => {
        const [x, y] = [number(text(a)), number(text(b))];
        return isNaN(x) || isNaN(y) ? text(a).localeCompare(text(b)) : x - y;
      };
      body.append(...[...body.rows].sort((a, b) => down ? compare(b, a) : compare(a, b)));
    };
    head.addEventListener('click', sort);
    head.addEventListener('keydown', e => { if (e.key === 'Enter') sort(); });
  });
}

const drawn = () => window.Plotly ? [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot._fullLayout) : [];
// The relayout properties of all axis lines of a chart, with their new colours.
const lineColours = (plot, colour) => Object.fromEntries(Object.keys(plot._fullLayout).filter(k => /^[xy]axis\d*$/.test(k))
  .flatMap(k => ['gridcolor', 'zerolinecolor'].map(line => [`${k}.${line}`, colour(plot._fullLayout[k][line])])));

// Charts draw themselves when plotly.js is loaded. In dark mode they get a transparent background and light text.
if (window.Plotly && matchMedia('(prefers-color-scheme: dark)').matches) {
  const restyle = plot => Plotly.relayout(plot, {
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', 'font.color': '#dfe4e9',
    ...lineColours(plot, () => '#39424a'),
  });
  const seen = new Set();
  let rounds = 0;
  const timer = setInterval(() => {
    for (const plot of drawn())
      if (!seen.has(plot)) { seen.add(plot); restyle(plot); }
    if (++rounds > 50) clearInterval(timer);
  }, 100);
}

// A chart in a folded section may have been drawn without a width: it gets the section's when that is unfolded.
document.querySelectorAll('details.experiment').forEach(section => section.addEventListener('toggle', () => {
  if (section.open) drawn().filter(plot => section.contains(plot)).forEach(plot => Plotly.Plots.resize(plot));
}));

// A link into a folded section unfolds it.
const unfold = () => {
  // ':target' is not known yet while the page is being read.
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  target?.scrollIntoView();
};
addEventListener('hashchange', unfold);
if (location.hash) unfold();

// In print: dark text and pale lines, whatever the screen mode, and no wider than the page.
const pageWidth = 640;
// Charts of folded sections are not printed.
const printed = () => drawn().filter(plot => !plot.closest('details:not([open])'));
addEventListener('beforeprint', () => printed().forEach(plot => {
  plot.onScreen = { 'font.color': plot._fullLayout.font.color, ...lineColours(plot, colour => colour) };
  Plotly.relayout(plot, {
    'font.color': '#1d2329', ...lineColours(plot, () => 'rgba(128,128,128,0.25)'), width: Math.min(plot._fullLayout.width, pageWidth),
  });
}));
addEventListener('afterprint', () => printed().forEach(plot => Plotly.relayout(plot, { ...plot.onScreen, width: null, autosize: true })));
