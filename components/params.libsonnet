// What differs from the components' own defaults in every environment.
{
  nightly: { shards: 8 },
}
