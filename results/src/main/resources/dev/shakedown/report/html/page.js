// Draws each figure from its data in the page, in the page's colours; redraws when those change, and for paper.
'use strict';
(() => {
  const LEFT_OVER_LEAST = 1e-9;
  const LETTER = 7; // the usual width of a letter, pixels
  const CHART_HEIGHT = 384;
  const LEGEND_GAP = 18;
  const LEGEND_ROW = 14 + LEGEND_GAP;
  // Width of a chart before it is scaled to paper, where its letters then are as large as the text around it.
  const PAPER_WIDTH = 700;
  const short = number => Number(number.toPrecision(3)).toString();
  const time = micros => micros >= 999500 ? short(micros / 1e6) + ' s'
    : micros >= 999.5 ? short(micros / 1e3) + ' ms' : short(micros) + ' µs';
  const words = {
    MICROS: time,
    SECONDS: seconds => short(seconds) + ' s',
    NUMBER: number => Number(number.toPrecision(4)).toLocaleString('en-US', { maximumSignificantDigits: 4 }),
  };
  const leftOver = percentile => 1 / Math.max(LEFT_OVER_LEAST, 1 - percentile / 100);
  const percentile = x => Number((100 - 100 / x).toFixed(6)) + ' %';
  const symbols = {
    CIRCLE: 'circle', SQUARE: 'rect', TRIANGLE: 'triangle', DIAMOND: 'diamond',
    CROSS: 'path://M2,0L5,3L8,0L10,2L7,5L10,8L8,10L5,7L2,10L0,8L3,5L0,2Z',
    RING: 'path://M5,0A5,5,0,1,1,4.99,0ZM5,2A3,3,0,1,0,5.01,2Z',
  };

  /** The words that all names begin with, which a legend can leave out. */
  function common(names) {
    let prefix = names.length > 1 ? names[0] : '';
    while (!names.every(name => name.startsWith(prefix))) {
      prefix = prefix.slice(0, -1);
    }
    return prefix.slice(0, prefix.lastIndexOf(' ') + 1);
  }

  /** How many rows the legend takes at a width in pixels. */
  function legendRows(names, width) {
    const told = common(names).length;
    let rows = 1;
    let taken = 0;
    for (const name of names) {
      const needed = 30 + LEGEND_GAP + LETTER * (name.length - told);
      if (taken > 0 && taken + needed > width - 24) {
        rows++;
        taken = 0;
      }
      taken += needed;
    }
    return names.length > 1 ? rows : 0;
  }

  const isBars = data => data.form === 'BARS' || data.form === 'STACKED_BARS';
  const isNamed = data => data.x.scale === 'NAMES';
  const isLog = axis => axis.scale === 'LOG' || axis.scale === 'PERCENTILE';
  /** The series in the legend, without the ends of intervals. */
  const shown = data => data.form === 'INTERVALS' ? data.series.filter((_, i) => i % 3 === 0) : data.series;
  const nameWidth = width => Math.min(300, Math.round(0.42 * width));
  const above = (data, width) => 16 + LEGEND_ROW * legendRows(shown(data), width)
    + (data.guides.some(guide => guide.label && (isNamed(data) || guide.kind !== 'LEVEL')) ? 20 : 0);

  /** The height of a chart, pixels: names need room for all their lines, curves for their legend. */
  function height(data, width) {
    if (!isNamed(data)) {
      return CHART_HEIGHT + LEGEND_ROW * Math.max(0, legendRows(shown(data), width) - 1);
    }
    const bars = data.form === 'BARS' ? data.series.length : 1;
    const lines = row => Math.ceil(LETTER * row[0].length / nameWidth(width));
    const rows = data.rows.map(row => Math.max(38 * bars, 12 + 17 * lines(row)));
    return above(data, width) + 64 + data.rows.length * Math.max(...rows);
  }

  /** Lines and areas that belong to no series: an objective, an answer, a time in which the generator was late. */
  function guides(data, colour) {
    const label = position => ({ color: colour('--ink'), position, formatter: guide => guide.name });
    const lines = data.guides.filter(guide => guide.kind !== 'SPAN');
    const spans = data.guides.filter(guide => guide.kind === 'SPAN');
    return {
      markLine: {
        silent: true, animation: false, symbol: 'none',
        lineStyle: { color: colour('--ink'), type: 'solid', width: 1.5 },
        data: lines.map(guide => ({
          name: guide.label,
          [(guide.kind === 'LEVEL') === isNamed(data) ? 'xAxis' : 'yAxis']: guide.from,
          label: label(isNamed(data) ? 'start' : guide.kind === 'LEVEL' ? 'insideStartTop' : 'end'),
        })),
      },
      markArea: {
        silent: true, itemStyle: { color: colour('--warn-ground'), opacity: 0.75 },
        data: spans.map((guide, i) => [
          { name: guide.label, xAxis: guide.from, label: { ...label('top'), show: i === 0, distance: 10 } },
          { xAxis: guide.to },
        ]),
      },
    };
  }

  /** A series of points with intervals, from three columns: the value, the lower and the upper end. */
  function interval(data, i, colour) {
    const hue = colour('--' + data.looks[i].hue);
    const shift = (i / 3 - (data.series.length / 3 - 1) / 2) * 12;
    return {
      name: data.series[i], type: 'custom', clip: true, color: hue, itemStyle: { color: hue },
      data: data.rows.map((row, at) => [row[i + 1], at, row[i + 2], row[i + 3]]).filter(each => each[0] !== null),
      encode: { x: [0, 2, 3], y: 1, tooltip: [0, 2, 3] },
      renderItem: (_, api) => {
        const place = value => api.coord([value, api.value(1)]);
        const [x, y] = place(api.value(0));
        const point = { type: 'circle', shape: { cx: x, cy: y + shift, r: 5 }, style: { fill: hue } };
        if (!(api.value(2) > 0)) {
          return point;
        }
        const line = (x1, y1, x2, y2) => ({
          type: 'line', shape: { x1, y1: y + shift + y1, x2, y2: y + shift + y2 }, style: { stroke: hue, lineWidth: 2 },
        });
        const [low, high] = [place(api.value(2))[0], place(api.value(3))[0]];
        const bar = [line(low, 0, high, 0), line(low, -5, low, 5), line(high, -5, high, 5)];
        return { type: 'group', children: [...bar, point] };
      },
    };
  }

  function one(data, i, colour) {
    const look = data.looks[i];
    const hue = colour('--' + look.hue);
    const points = data.form === 'POINTS';
    const place = data.x.scale === 'PERCENTILE' ? leftOver : x => x;
    return {
      name: data.series[i],
      type: isBars(data) ? 'bar' : points ? 'scatter' : 'line',
      stack: data.form === 'STACKED_BARS' ? 'all' : undefined,
      symbol: symbols[look.symbol],
      symbolSize: points ? 11 : 5,
      barMaxWidth: 34,
      color: hue,
      itemStyle: {
        color: hue, opacity: 1,
        ...data.form === 'STACKED_BARS' ? { borderColor: colour('--panel'), borderWidth: 1 } : {},
      },
      lineStyle: { width: 2, color: hue, type: look.line.toLowerCase() },
      // A line has a gap where it has no value: a time in which nothing ended must show.
      connectNulls: false,
      data: isBars(data) ? data.rows.map(row => row[i + 1]) : data.rows
        .map((row, at) => [isNamed(data) ? at : place(row[0]), isLog(data.y) && row[i + 1] <= 0 ? null : row[i + 1]])
        .map(([at, value]) => isNamed(data) ? [value, at] : [at, value]),
    };
  }

  function series(data, colour) {
    const all = data.form === 'INTERVALS'
      ? data.series.map((_, i) => i).filter(i => i % 3 === 0).map(i => interval(data, i, colour))
      : data.series.map((_, i) => one(data, i, colour));
    Object.assign(all[0], guides(data, colour));
    return all;
  }

  /** Values within little more than a decade would fill only a corner of a chart with whole decades. */
  const logBase = (least, most) => most < 30 * least ? 2 : 10;
  const powers = (least, most) => {
    const base = logBase(least, most);
    const power = (value, round) => base ** round(Math.log(value) / Math.log(base));
    return { logBase: base, min: power(least, Math.floor), max: power(most, Math.ceil) };
  };

  /** The range of a chart of ratios; intervals so wide that they would shrink all others to points are cut off. */
  function ratioRange(data) {
    const column = at => data.rows.flatMap(row => row.slice(1).filter((each, i) => i % 3 === at && each > 0));
    const [values, lows, highs] = [0, 1, 2].map(column);
    return powers(Math.max(Math.min(1, ...values, ...lows), Math.min(1, ...values) / 10),
      Math.min(Math.max(1, ...values, ...highs), Math.max(1, ...values) * 10));
  }

  function option(data, colour, width) {
    const named = isNamed(data);
    const xWords = data.x.scale === 'PERCENTILE' ? percentile : words[data.x.unit];
    const yWords = words[data.y.unit];
    const valueWords = y => y === null || y === undefined ? '-' : yWords(y);
    const text = { color: colour('--ink') };
    const line = { lineStyle: { color: colour('--line') } };
    // Guides are always in view; an axis chooses its own ends where they are anyway.
    const levels = data.guides.filter(guide => guide.kind === 'LEVEL').map(guide => guide.from);
    const least = range => levels.some(level => level < range.min) ? 0.8 * Math.min(...levels) : null;
    const most = range => levels.some(level => level > range.max) ? 1.25 * Math.max(...levels) : null;
    const value = (axis, format, extra) => ({
      type: axis.scale === 'LINEAR' ? 'value' : 'log', splitNumber: width < 500 ? 3 : 5, name: axis.label,
      nameLocation: 'middle', nameTextStyle: text, axisLabel: { ...text, formatter: format, hideOverlap: true },
      axisLine: { show: true, ...line }, splitLine: line, ...extra,
    });
    const valueRange = data.form === 'INTERVALS' ? ratioRange(data) : isLog(data.y) ? { min: least, max: most } : {};
    const xs = data.rows.map(row => row[0]);
    const xRange = data.x.scale === 'LINEAR' ? { min: 'dataMin', max: 'dataMax' }
      : { logBase: data.x.scale === 'LOG' ? logBase(Math.min(...xs), Math.max(...xs)) : 10 };
    const names = {
      type: 'category', data: data.rows.map(row => row[0]), inverse: true, axisLine: line,
      axisLabel: { ...text, width: nameWidth(width), overflow: 'break', lineHeight: 15, interval: 0 },
    };
    return {
      animation: false,
      aria: { enabled: false }, // the figure has its own label and table
      textStyle: { fontFamily: 'inherit', ...text },
      legend: {
        show: shown(data).length > 1, top: 0, width: width - 24, itemGap: LEGEND_GAP, textStyle: text,
        data: shown(data),
        formatter: name => name.slice(common(shown(data)).length),
      },
      grid: { left: named ? 8 : 72, right: named ? 32 : 24, top: above(data, width), bottom: 48, containLabel: named },
      tooltip: {
        trigger: data.form === 'POINTS' || data.form === 'INTERVALS' ? 'item' : 'axis', confine: true,
        valueFormatter: y => valueWords(Array.isArray(y) ? y[named ? 0 : 1] : y),
        backgroundColor: colour('--panel'), borderColor: colour('--line'), textStyle: text,
        axisPointer: {
          type: isBars(data) ? 'shadow' : 'line', label: { formatter: hit => named ? hit.value : xWords(hit.value) },
        },
      },
      // Out of sight, but needed to zoom by dragging.
      toolbox: named ? undefined : { left: -1000, feature: { dataZoom: { xAxisIndex: 0, yAxisIndex: false } } },
      xAxis: named ? value(data.y, yWords, { nameGap: 30, ...valueRange })
        : value(data.x, xWords, { nameGap: 30, ...xRange }),
      yAxis: named ? names : value(data.y, yWords, { nameGap: 56, ...valueRange }),
      series: series(data, colour),
    };
  }

  const figures = [...document.querySelectorAll('figure')].map(figure => ({
    place: figure.querySelector('.chart'),
    whole: figure.querySelector('.whole'),
    data: JSON.parse(figure.querySelector('script').textContent),
  }));

  /** Dragging over a chart zooms in; a button, shown while it is zoomed, goes back. */
  function zoomable(figure) {
    if (isNamed(figure.data)) {
      return;
    }
    if (figure.data.x.label === 'seconds since the start') {
      figure.chart.group = 'time';
    }
    figure.chart.dispatchAction({ type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: true });
    figure.chart.on('datazoom', () => {
      const part = figure.chart.getOption().dataZoom?.some(zoom => zoom.start > 0 || zoom.end < 100);
      figure.whole.hidden = !part;
    });
    figure.whole.hidden = true;
    figure.whole.onclick = () => {
      figure.chart.dispatchAction({ type: 'dataZoom', batch: figure.chart.getOption().dataZoom
        .map((_, dataZoomIndex) => ({ dataZoomIndex, start: 0, end: 100 })) });
      figure.place.focus?.();
    };
  }

  function draw() {
    const style = getComputedStyle(document.documentElement);
    const paper = document.documentElement.classList.contains('paper');
    for (const figure of figures) {
      const width = paper ? PAPER_WIDTH : figure.place.clientWidth;
      const size = { width, height: height(figure.data, width) };
      figure.place.style.height = size.height + 'px';
      figure.chart?.dispose();
      figure.chart = echarts.init(figure.place, null, { renderer: 'svg', ...size });
      figure.chart.setOption(option(figure.data, name => style.getPropertyValue(name).trim(), width));
      // Lets paper narrower than the chart show all of it.
      figure.place.querySelector('svg').setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
      zoomable(figure);
    }
    echarts.connect('time');
  }

  let opened = [];
  function forPaper() {
    opened = [...document.querySelectorAll('main > section > details:not([open])')];
    opened.forEach(each => { each.open = true; });
    document.documentElement.classList.add('paper');
    draw();
  }

  function forScreen() {
    opened.forEach(each => { each.open = false; });
    document.documentElement.classList.remove('paper');
    draw();
  }

  // The layout for a printer is narrower than the window, which is no reason to redraw.
  const redraw = () => document.documentElement.classList.contains('paper') || draw();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('resize', redraw);
  addEventListener('beforeprint', forPaper);
  addEventListener('afterprint', forScreen);
})();
