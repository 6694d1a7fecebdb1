// Alerts and recording rules as Prometheus reads them.
local names = import 'kube/names.libsonnet';

{
  group(name, rules):: { name: name, interval: '1m', rules: rules },

  record(name, expr, values):: { record: name, expr: std.stripChars(expr % values, '\n') },

  alert(name, expr, values, summary, severity='warning', wait=300):: {
    alert: name,
    expr: std.stripChars(expr % values, '\n'),
    'for': names.duration(wait),
    labels: { severity: severity } + std.get(values, 'labels', {}),
    annotations: {
      summary: summary % values,
      runbook_url: 'https://runbooks.example.com/%s' % std.asciiLower(name),
    },
  },

  // Alerts on the rate at which an error budget burns, with a long and a short window each.
  burn(service, objective, values)::
    local windows = [
      { long: 3600, short: 300, factor: 14.4, severity: 'critical' },
      { long: 21600, short: 1800, factor: 6, severity: 'critical' },
      { long: 86400, short: 7200, factor: 3, severity: 'warning' },
      { long: 259200, short: 21600, factor: 1, severity: 'warning' },
    ];
    local ratio(window) = 'service:errors:ratio_rate' + names.duration(window);
    local all = std.set([w.long for w in windows] + [w.short for w in windows]);
    [
      $.group('%s-ratios' % service, [
        $.record(ratio(window), |||
          sum(rate(http_requests_total{job="%(job)s", namespace="%(namespace)s", code=~"5.."}[%(window)s]))
          /
          sum(rate(http_requests_total{job="%(job)s", namespace="%(namespace)s"}[%(window)s]))
        |||, values { window: names.duration(window) })
        for window in all
      ]),
      $.group('%s-burn' % service, [
        $.alert(
          '%sErrorBudgetBurn' % std.strReplace(names.title(service), ' ', ''),
          '%(long)s{job="%(job)s"} > %(limit).5f and %(short)s{job="%(job)s"} > %(limit).5f',
          values { long: ratio(w.long), short: ratio(w.short), limit: w.factor * (1 - objective), labels+: { long: names.duration(w.long) } },
          '%(job)s in %(namespace)s burns its error budget',
          w.severity,
          w.short / 5
        )
        for w in windows
      ]),
    ],
}
