// prod: what customers see.
{
  web: { replicas: 3 },
}
