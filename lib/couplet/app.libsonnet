// An app: named components, and layers of parameters over them.
//
// A component is what a file in components/ yields: an object with its parameters
// and their defaults in the hidden field `params`. Its visible fields are Kubernetes
// objects, or arrays and objects of these; a field that is null is no object.
// A component without `params`, such as the array that a YAML file becomes, passes
// unchanged.

local list(names) = std.join(', ', names);

local hasParams(component) =
  std.isObject(component) && std.objectHasAll(component, 'params');

// patch lays `params` over the parameters of one component. Only names that the
// component declares are accepted: a misspelt one would otherwise change nothing.
local patch(app, name, params) =
  if !std.objectHas(app, name) then
    error 'parameters for component %s: no such component; the app has %s'
          % [name, list(std.objectFields(app))]
  else if !hasParams(app[name]) then
    error 'parameters for component %s: it takes none; these do: %s'
          % [name, list([c for c in std.objectFields(app) if hasParams(app[c])])]
  else
    local known = std.objectFieldsAll(app[name].params);
    local unknown = std.setDiff(std.objectFields(params), known);
    if unknown != [] then
      error 'component %s has no parameter %s; it has %s' % [name, list(unknown), list(known)]
    else { params+:: params };

// takes lists the parameters of each component of an app.
local takes(app) = {
  [name]: if hasParams(app[name]) then std.objectFieldsAll(app[name].params) else []
  for name in std.objectFields(app)
};

{
  // new makes an app.
  //   components  component by name; each becomes a field of the app
  //   params      first layer of parameters: { component: { parameter: value } }
  //
  // The app's hidden method with(params) is the app with one more layer on top.
  // Layers compose with `+`: the last one wins, `+:` in a layer extends what is
  // below, and a default that reads self.other sees the other's final value.
  //
  // Its hidden field `layers` lists them, each with the names that it could set, for
  // `couplet validate` to tell what is set and never read.
  new(components, params={})::
    assert !std.objectHasAll(components, 'with') : 'no component can have the name with: it is a method of the app';
    assert !std.objectHasAll(components, 'layers') : 'no component can have the name layers: it is a field of the app';
    local app = components {
      layers:: [],
      with(layer)::
        local below = self;
        below { layers+:: [{ params: layer, takes: takes(below) }] } {
          [name]+: patch(below, name, layer[name])
          for name in std.objectFields(layer)
        },
    };
    app.with(params),
}
