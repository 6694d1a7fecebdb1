// Dashboards: rows of panels laid out on a grid of 24 columns.
{
  local width = 24,

  new(title, uid, tags=[]):: {
    local dashboard = self,

    // Rows as they were added; the panels below are laid out from them.
    rows:: [],
    variables:: {},

    title: title,
    uid: uid,
    tags: std.set(tags),
    editable: false,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        {
          name: name,
          label: dashboard.variables[name].label,
          type: 'query',
          datasource: { type: 'prometheus', uid: '$datasource' },
          query: 'label_values(%(metric)s, %(by)s)' % dashboard.variables[name],
          includeAll: true,
          multi: true,
        }
        for name in std.objectFields(dashboard.variables)
      ],
    },
    panels: std.foldl(
      function(state, row)
        local height = row.height;
        local each = std.floor(width / std.max(1, std.length(row.panels)));
        {
          y: state.y + height + 1,
          id: state.id + std.length(row.panels) + 1,
          panels: state.panels + [
            { id: state.id, type: 'row', title: row.title, collapsed: false, gridPos: { x: 0, y: state.y, w: width, h: 1 } },
          ] + std.mapWithIndex(
            function(i, panel) panel { id: state.id + i + 1, gridPos: { x: i * each, y: state.y + 1, w: each, h: height } },
            row.panels
          ),
        },
      self.rows,
      { y: 0, id: 1, panels: [] }
    ).panels,
  },

  withVariable(name, metric, by):: { variables+:: { [name]: { label: std.asciiUpper(name[0]) + name[1:], metric: metric, by: by } } },

  withRow(title, panels, height=7):: { rows+:: [{ title: title, panels: panels, height: height }] },

  panel(title, unit='short'):: {
    type: 'timeseries',
    title: title,
    datasource: { type: 'prometheus', uid: '$datasource' },
    fieldConfig: {
      defaults: { unit: unit, custom: { fillOpacity: 10, lineWidth: 1, showPoints: 'never', stacking: { mode: 'none' } } },
      overrides: [],
    },
    options: { legend: { displayMode: 'table', placement: 'bottom', calcs: ['mean', 'max'] }, tooltip: { mode: 'multi' } },
    targets: [],
  },

  withQueries(queries, values):: {
    targets: std.mapWithIndex(
      function(i, legend) {
        refId: std.char(std.codepoint('A') + i),
        expr: queries[legend] % values,
        legendFormat: legend,
        interval: '1m',
      },
      std.objectFields(queries)
    ),
  },

  stacked:: { fieldConfig+: { defaults+: { custom+: { fillOpacity: 100, lineWidth: 0, stacking: { mode: 'normal' } } } } },

  withThresholds(steps):: {
    fieldConfig+: {
      defaults+: {
        color: { mode: 'thresholds' },
        thresholds: { mode: 'absolute', steps: [{ color: step, value: steps[step] } for step in std.objectFields(steps)] },
      },
    },
  },

  // Rate, errors and durations of one service.
  red(service, values):: $.withRow('%s: requests' % service, [
    $.panel('Rate', 'reqps') + $.stacked + $.withQueries({
      '{{code}}': 'sum by (code) (rate(http_requests_total{job="%(job)s", namespace="%(namespace)s"}[%(window)s]))',
    }, values),
    $.panel('Errors', 'percentunit') + $.withThresholds({ green: 0, yellow: 0.005, red: 0.05 }) + $.withQueries({
      'error ratio': |||
        sum(rate(http_requests_total{job="%(job)s", namespace="%(namespace)s", code=~"5.."}[%(window)s]))
        /
        sum(rate(http_requests_total{job="%(job)s", namespace="%(namespace)s"}[%(window)s]))
      |||,
    }, values),
    $.panel('Duration', 's') + $.withQueries({
      ['p%02d' % (quantile * 100)]:
        'histogram_quantile(' + quantile + ', sum by (le) (rate(http_request_duration_seconds_bucket{job="%(job)s", namespace="%(namespace)s"}[%(window)s])))'
      for quantile in [0.5, 0.9, 0.99]
    }, values),
  ]),

  // Use of CPU and memory of the pods of one workload.
  resources(workload, values):: $.withRow('%s: resources' % workload, [
    $.panel('CPU', 'cores') + $.withQueries({
      '{{pod}}': 'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="%(namespace)s", pod=~"%(job)s-.*", container!=""}[%(window)s]))',
      limit: 'sum(kube_pod_container_resource_limits{namespace="%(namespace)s", pod=~"%(job)s-.*", resource="cpu"})',
    }, values),
    $.panel('Memory', 'bytes') + $.withQueries({
      '{{pod}}': 'sum by (pod) (container_memory_working_set_bytes{namespace="%(namespace)s", pod=~"%(job)s-.*", container!=""})',
      limit: 'sum(kube_pod_container_resource_limits{namespace="%(namespace)s", pod=~"%(job)s-.*", resource="memory"})',
    }, values),
  ]),
}
