// dev: a laptop's cluster.
{
  nightly: { shards: 2, concurrent: 1 },
  shop: {
    image: 'registry.example.com/shop:edge',
    domain: 'dev.example.com',
    memory: '128Mi',
    settings+: { PAGE_SIZE: 4 },
  },
}
