// Parameters that hold in every environment, by component.
{
  web: {},
}
