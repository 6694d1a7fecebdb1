@rem kubectl runs this to complete the command lines of its plugin couplet.
@kubectl-couplet.exe __complete %*
