// Names and quantities.
{
  local alphabet = std.set(std.stringChars('abcdefghijklmnopqrstuvwxyz0123456789-.')),

  // A name that the API server would refuse is refused here.
  checked(name)::
    assert std.length(name) > 0 && std.length(name) <= 253 : 'the name "%s" has %d characters' % [name, std.length(name)];
    assert std.setDiff(std.set(std.stringChars(name)), alphabet) == [] : 'the name "%s" is not of a-z, 0-9, "-" and "."' % name;
    name,

  join(parts):: std.join('-', [part for part in parts if part != null && part != '']),

  screaming(name):: std.asciiUpper(std.strReplace(std.strReplace(name, '-', '_'), '.', '_')),

  title(name):: std.join(' ', [
    std.asciiUpper(word[0]) + word[1:]
    for word in std.split(name, '-')
    if word != ''
  ]),

  millicores(n):: if n % 1000 == 0 then '%d' % (n / 1000) else '%dm' % n,

  mebibytes(n):: if n % 1024 == 0 then '%dGi' % (n / 1024) else '%dMi' % n,

  duration(seconds)::
    local units = [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]];
    local parts = std.foldl(
      function(state, unit) {
        left: state.left % unit[1],
        text: state.text + (if state.left >= unit[1] then '%d%s' % [std.floor(state.left / unit[1]), unit[0]] else ''),
      },
      units,
      { left: seconds, text: '' }
    );
    if parts.text == '' then '0s' else parts.text,
}
