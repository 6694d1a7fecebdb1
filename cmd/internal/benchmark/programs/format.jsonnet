// Lines by format, with positions and with names.
std.length(std.lines([
  '%05d %-10s %6.2f %x' % [i, 'abc', i / 3, i] + ' %(name)s of %(namespace)s' % { name: 'web-%d' % i, namespace: 'shop' }
  for i in std.range(1, 8000)
]))
