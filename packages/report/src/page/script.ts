/**
 * The page's only script: unfolds what a link leads to, sorts and searches the words table and shows titles as tooltips at once. The page is complete without it.
 * It writes texts only (`textContent`), never markup.
 */
export const script = `
(() => {
  'use strict';
  const unfold = () => {
    let element = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!element) return;
    for (const inner of element.querySelectorAll(':scope > details')) inner.open = true;
    for (let at = element; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    element.scrollIntoView();
  };
  addEventListener('hashchange', unfold);
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
  unfold();
  const table = document.querySelector('table.words');
  const tools = document.querySelector('.tools');
  if (table && tools) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const search = tools.querySelector('input[type=search]');
    const only = tools.querySelector('input[type=checkbox]');
    const said = tools.querySelector('output');
    const heads = Array.from(table.tHead.rows[0].cells);
    const keys = rows.map((row) => row.cells[0].textContent.toLowerCase());
    const filter = () => {
      const wanted = search.value.trim().toLowerCase();
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !keys[i].includes(wanted) || (only.checked && !row.classList.contains('flag'));
        if (!row.hidden) shown++;
      });
      said.textContent = shown + ' of ' + rows.length + ' words';
    };
    const valueOf = (row, column) => {
      const cell = row.cells[column];
      return cell.dataset.v === undefined ? cell.textContent.toLowerCase() : Number(cell.dataset.v);
    };
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending' || (column > 0 && !head.hasAttribute('aria-sort'));
        heads.forEach((other) => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const sorted = rows.map((row) => ({ row, value: valueOf(row, column) }));
        sorted.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0) * (down ? -1 : 1));
        const all = document.createDocumentFragment();
        sorted.forEach(({ row }) => all.append(row));
        body.append(all);
      });
    });
    search.addEventListener('input', filter);
    only.addEventListener('change', filter);
    tools.hidden = false;
    filter();
  }

  const tip = document.createElement('div');
  tip.id = 'tip';
  tip.setAttribute('role', 'tooltip');
  tip.hidden = true;
  document.body.append(tip);
  const textOf = (element) => {
    if (element.dataset.tip === undefined) {
      const inner = element.querySelector(':scope > title');
      const text = inner ? inner.textContent : element.getAttribute('title');
      if (inner) inner.remove();
      else element.removeAttribute('title');
      element.dataset.tip = text || '';
    }
    return element.dataset.tip;
  };
  const target = (event) => event.target.closest && event.target.closest('[title], [data-tip], .chart .point, .chart .dot, .chart .dumbbell, .chart .bar, .chart .line');
  document.addEventListener('pointerover', (event) => {
    const element = target(event);
    const text = element ? textOf(element) : '';
    tip.hidden = text === '';
    tip.textContent = text;
  });
  document.addEventListener('pointermove', (event) => {
    if (tip.hidden) return;
    const { width, height } = tip.getBoundingClientRect();
    const below = event.clientY + 18 + height < innerHeight;
    tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 8)) + 'px';
    tip.style.top = (below ? event.clientY + 18 : event.clientY - height - 10) + 'px';
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') tip.hidden = true;
  });
})();
`;
