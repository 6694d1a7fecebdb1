// The teams that share the cluster with the shop, a namespace each.
local tenant = import 'couplet/tenant.libsonnet';

{
  local params = self.params,

  params:: {
    // By namespace: members and quota, as tenant.new takes them.
    teams: {
      bakery: {
        members: {
          admin: [tenant.user('ada@example.com')],
          developer: ['bakery'],
        },
      },
    },
  },

  teams: {
    [name]:
      local team = { members: {}, quota: {} } + params.teams[name];
      tenant.new(name, team.members, quota=team.quota)
    for name in std.objectFields(params.teams)
  },
}
