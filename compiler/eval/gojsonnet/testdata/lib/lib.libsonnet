{
  checked(port):: if port > 65535 then error 'port %d is too high' % port else port,
}
