// What is measured of the shop, and when somebody is called.
local monitoring = import 'couplet/monitoring.libsonnet';

// Only the names and ports of its Service matter here, and no parameter changes these.
local shop = import 'shop.jsonnet';

{
  local component = self,
  local params = self.params,

  params:: {
    operator: false,  // whether the Prometheus Operator runs in the cluster
    errorRatio: 0.05,  // of the shop's requests, above which somebody is called
  },

  groups:: [
    monitoring.group('shop', [
      monitoring.record(
        'job:http_requests_failed:ratio_rate5m',
        |||
          sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))
            /
          sum by (job) (rate(http_requests_total[5m]))
        |||,
      ),
      monitoring.alert(
        'ShopFails',
        'job:http_requests_failed:ratio_rate5m{job="shop"} > %g' % params.errorRatio,
        'The shop fails {{ $value | humanizePercentage }} of its requests.',
        severity='critical',
      ),
    ]),
    monitoring.group('nightly', [
      monitoring.alert(
        'NightlyFailed',
        'kube_job_status_failed{job_name=~"(index|report)-.+"} > 0',
        'Job {{ $labels.job_name }} failed.',
      ),
    ]),
  ],

  rules:
    if params.operator
    then monitoring.prometheusRule('shop', component.groups)
    else monitoring.ruleFile('shop-rules', component.groups),

  scrape: if params.operator then monitoring.serviceMonitor(shop.service),
}
