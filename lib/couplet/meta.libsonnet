// What all files of the library share: how objects are named and labelled.
{
  // selector is what ties objects to their pods. Selectors are immutable, so no
  // label that may change over an app's life belongs here.
  selector(name):: { 'app.kubernetes.io/name': name },

  // metadata names an object and labels it.
  metadata(name, labels={}):: { name: name, labels: $.selector(name) + labels },

  // metadataOf is the metadata of what goes with another object.
  metadataOf(object):: {
    [field]: object.metadata[field]
    for field in ['labels', 'name', 'namespace']
    if std.objectHas(object.metadata, field)
  },

  // list lets an argument be one thing or several.
  list(value):: if std.isArray(value) then value else [value],
}
