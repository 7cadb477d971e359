// A click on a column's head sorts the table by it, numbers as numbers; a second click turns the order round.
for (const table of document.querySelectorAll('.output table')) {
  const heads = table.tHead ? [...table.tHead.rows[table.tHead.rows.length - 1].cells] : [];
  const body = table.tBodies[0];
  if (!body || body.rows.length < 2 || table.closest('details')) continue;
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

// Charts draw themselves when plotly.js is there; in a dark room they get a clear ground and light letters.
if (window.Plotly && matchMedia('(prefers-color-scheme: dark)').matches) {
  const lines = '#39424a';
  const restyle = plot => Plotly.relayout(plot, {
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', 'font.color': '#dfe4e9',
    ...Object.fromEntries(Object.keys(plot._fullLayout).filter(k => /^[xy]axis\d*$/.test(k)).flatMap(k => [[k + '.gridcolor', lines], [k + '.zerolinecolor', lines]])),
  });
  const seen = new Set();
  let rounds = 0;
  const timer = setInterval(() => {
    for (const plot of document.querySelectorAll('.js-plotly-plot'))
      if (plot._fullLayout && !seen.has(plot)) { seen.add(plot); restyle(plot); }
    if (++rounds > 50) clearInterval(timer);
  }, 100);
}

// On paper: dark letters and pale lines whatever the screen's are, and no wider than the sheet.
const sheet = 640;
const drawn = () => window.Plotly ? [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot._fullLayout) : [];
const inks = layout => Object.fromEntries([['font.color', layout.font.color],
  ...Object.keys(layout).filter(k => /^[xy]axis\d*$/.test(k)).flatMap(k => [[k + '.gridcolor', layout[k].gridcolor], [k + '.zerolinecolor', layout[k].zerolinecolor]])]);
addEventListener('beforeprint', () => drawn().forEach(plot => {
  plot.onScreen = inks(plot._fullLayout);
  const onPaper = Object.fromEntries(Object.keys(plot.onScreen).map(k => [k, k === 'font.color' ? '#1d2329' : 'rgba(128,128,128,0.25)']));
  Plotly.relayout(plot, { ...onPaper, width: Math.min(plot._fullLayout.width, sheet) });
}));
addEventListener('afterprint', () => drawn().forEach(plot => Plotly.relayout(plot, { ...plot.onScreen, width: null, autosize: true })));
