// The app: its components, and the parameters that hold in every environment.
local app = import 'couplet/app.libsonnet';

app.new(
  {
    web: import '../components/web.jsonnet',
  },
  import '../components/params.libsonnet',
)
