// prod: what customers see.
{
  monitoring: { operator: true, errorRatio: 0.01 },
  nightly: { shards: 64, concurrent: 16 },
  shop: {
    local shop = self,
    replicas: 3,
    maxReplicas: 20,
    memory: '512Mi',
    gateway: 'public',
    settings+: { URL: 'https://' + shop.host },
  },
  tenants: {
    teams+: {
      bakery+: { quota: { cpu: '16', memory: '64Gi' } },
      press: { members: { developer: ['press'], viewer: ['editors'] } },
    },
  },
}
