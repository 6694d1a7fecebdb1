// dev: as small as it gets.
{
  web: {},
}
