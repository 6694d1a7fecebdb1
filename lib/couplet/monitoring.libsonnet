// Monitoring with Prometheus: rules, and what to scrape.
//
// The same groups of rules become a PrometheusRule where the Prometheus Operator
// runs, and a ConfigMap for Prometheus' rule_files where it does not.

local meta = import 'meta.libsonnet';

// distinct is `groups`, provided that no two have one name: Prometheus would reject
// the file.
local distinct(name, groups) =
  local names = [group.name for group in groups];
  assert std.length(std.set(names)) == std.length(names) :
         'rules %s: two groups have one name: %s' % [name, std.join(', ', std.sort(names))];
  groups;

{
  // alert is a rule that fires while an expression has results.
  //   name         of the alert
  //   expr         PromQL
  //   summary      one line, for who is called; may use {{ $labels.x }} and {{ $value }}
  //   severity     a label, for who routes alerts
  //   pending      how long the expression must hold first
  //   labels       more labels
  //   annotations  more annotations, such as runbook_url
  alert(name, expr, summary, severity='warning', pending='5m', labels={}, annotations={}):: {
    alert: name,
    expr: expr,
    'for': pending,
    labels: { severity: severity } + labels,
    annotations: { summary: summary } + annotations,
  },

  // record is a rule that keeps the result of an expression as a series.
  //   name    of the series: level:metric:operations
  //   expr    PromQL
  //   labels  of the series
  record(name, expr, labels={}):: {
    record: name,
    expr: expr,
    [if labels != {} then 'labels']: labels,
  },

  // group is rules that are evaluated one after the other.
  //   interval  between evaluations; null: as Prometheus is set up
  group(name, rules, interval=null):: {
    name: name,
    [if interval != null then 'interval']: interval,
    rules: rules,
  },

  // prometheusRule is groups of rules for the Prometheus Operator.
  //   labels  by which the Prometheus selects its rules
  prometheusRule(name, groups, labels={}):: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: meta.metadata(name, labels),
    spec: { groups: distinct(name, groups) },
  },

  // ruleFile is a ConfigMap with the groups as a file that Prometheus reads.
  //   file    its name
  //   labels  more labels
  ruleFile(name, groups, file='rules.yaml', labels={}):: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta.metadata(name, labels),
    data: { [file]: std.manifestYamlDoc({ groups: distinct(name, groups) }) + '\n' },
  },

  // serviceMonitor has the Prometheus Operator scrape a Service of this library.
  //   port      name of the Service's port
  //   path      of the metrics
  //   interval  between scrapes
  //   labels    by which the Prometheus selects its monitors
  serviceMonitor(service, port='metrics', path='/metrics', interval='30s', labels={})::
    local name = service.metadata.name;
    assert std.member([p.name for p in service.spec.ports], port) :
           'serviceMonitor of %s: the Service has no port %s' % [name, port];
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: meta.metadata(name, labels),
      spec: {
        selector: { matchLabels: meta.selector(name) },
        endpoints: [{ port: port, path: path, interval: interval }],
      },
    },
}
