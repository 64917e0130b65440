// Draws each figure from the data beside it, in the page's colours; again when those change, and for paper.
'use strict';
(() => {
  const LEFT_OVER_LEAST = 1e-9;
  const short = number => Number(number.toPrecision(3)).toString();
  const time = micros => micros >= 999500 ? short(micros / 1e6) + ' s' : micros >= 999.5 ? short(micros / 1e3) + ' ms' : short(micros) + ' µs';
  const words = {
    MICROS: time,
    SECONDS: seconds => short(seconds) + ' s',
    NUMBER: number => Number(number.toPrecision(4)).toLocaleString('en-US'),
  };
  const leftOver = percentile => 1 / Math.max(LEFT_OVER_LEAST, 1 - percentile / 100);
  const percentile = x => Number((100 - 100 / x).toFixed(6)) + ' %';

  /** Rows that the legend takes at a width in pixels, by the usual width of a letter. */
  function legendRows(names, width) {
    let rows = 1;
    let taken = 0;
    for (const name of names) {
      const needed = 60 + 7 * name.length;
      if (taken > 0 && taken + needed > width - 24) {
        rows++;
        taken = 0;
      }
      taken += needed;
    }
    return names.length > 1 ? rows : 0;
  }

  function option(data, colour, width) {
    const above = 16 + 24 * legendRows(data.series, width);
    const named = data.x.scale === 'NAMES';
    const bars = data.form === 'BARS' || data.form === 'STACKED_BARS';
    const place = data.x.scale === 'PERCENTILE' ? leftOver : x => x;
    const xWords = data.x.scale === 'PERCENTILE' ? percentile : words[data.x.unit];
    const yWords = words[data.y.unit];
    const valueWords = y => y === null || y === undefined ? '-' : yWords(y);
    const text = { color: colour('--ink') };
    const line = { lineStyle: { color: colour('--line') } };
    const value = (axis, format, extra) => ({
      type: axis.scale === 'LINEAR' ? 'value' : 'log', splitNumber: width < 500 ? 3 : 5, name: axis.label, nameLocation: 'middle', nameTextStyle: text,
      axisLabel: { ...text, formatter: format, hideOverlap: true }, axisLine: { show: true, ...line }, splitLine: line, ...extra,
    });
    const names = { type: 'category', data: data.rows.map(row => row[0]), inverse: true, axisLabel: { ...text, width: 260, overflow: 'break' }, axisLine: line };
    const log = axis => axis.scale === 'LOG' || axis.scale === 'PERCENTILE';
    const series = data.series.map((name, i) => ({
      name,
      type: bars ? 'bar' : data.form === 'POINTS' ? 'scatter' : 'line',
      stack: data.form === 'STACKED_BARS' ? 'all' : undefined,
      symbol: ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'][i % 6],
      symbolSize: data.form === 'POINTS' ? 11 : 5,
      barMaxWidth: 34,
      lineStyle: { width: 2, type: ['solid', 'dashed', 'solid', 'dashed', 'dotted', 'dotted'][i % 6] },
      // A line stops where it has no value: a time in which nothing ended must show.
      connectNulls: false,
      data: bars ? data.rows.map(row => row[i + 1]) : data.rows
        .map((row, at) => [named ? at : place(row[0]), log(data.y) && row[i + 1] <= 0 ? null : row[i + 1]])
        .map(([at, value]) => named ? [value, at] : [at, value]),
    }));
    return {
      animation: false,
      aria: { enabled: false }, // the figure has a label and a table of its own
      color: [1, 2, 3, 4, 5, 6, 7, 8].map(i => colour('--s' + i)),
      textStyle: { fontFamily: 'inherit', ...text },
      legend: { show: data.series.length > 1, top: 0, width: width - 24, itemGap: 24, textStyle: text },
      grid: { left: named ? 8 : 64, right: 24, top: above, bottom: 48, containLabel: named },
      tooltip: {
        trigger: data.form === 'POINTS' ? 'item' : 'axis', valueFormatter: y => valueWords(Array.isArray(y) ? y[named ? 0 : 1] : y),
        backgroundColor: colour('--panel'), borderColor: colour('--line'), textStyle: text, axisPointer: { type: bars ? 'shadow' : 'line', label: { formatter: hit => named ? hit.value : xWords(hit.value) } },
        confine: true,
      },
      xAxis: named ? value(data.y, yWords, { nameGap: 30 }) : value(data.x, xWords, { nameGap: 30, min: log(data.x) ? undefined : 'dataMin' }),
      yAxis: named ? names : value(data.y, yWords, { nameGap: 50 }),
      series,
    };
  }

  const figures = [...document.querySelectorAll('figure')].map(figure => ({
    place: figure.querySelector('.chart'),
    data: JSON.parse(figure.querySelector('script').textContent),
  }));

  function draw() {
    const style = getComputedStyle(document.documentElement);
    for (const figure of figures) {
      if (figure.data.x.scale === 'NAMES') {
        figure.place.style.height = 5.5 + 1.5 * legendRows(figure.data.series, figure.place.clientWidth)
          + (figure.data.form === 'BARS' ? figure.data.series.length : 1) * 2.4 * figure.data.rows.length + 'rem';
      }
      figure.chart?.dispose();
      figure.chart = echarts.init(figure.place, null, { renderer: 'svg' });
      figure.chart.setOption(option(figure.data, name => style.getPropertyValue(name).trim(), figure.place.clientWidth));
    }
    scalable();
  }

  /** So that paper narrower than the screen shows all of it. */
  function scalable() {
    for (const figure of figures) {
      const svg = figure.place.querySelector('svg');
      svg.setAttribute('viewBox', `0 0 ${svg.getAttribute('width')} ${svg.getAttribute('height')}`);
    }
  }

  let opened = [];
  function open() {
    opened = [...document.querySelectorAll('main > section > details:not([open])')];
    opened.forEach(each => { each.open = true; });
  }

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  matchMedia('print').addEventListener('change', draw);
  addEventListener('resize', draw);
  addEventListener('beforeprint', open);
  addEventListener('afterprint', () => opened.forEach(each => { each.open = false; }));
})();
