package diag

// Findings about couplet's other program: CP9, too.
const (
	// PluginMissing: the program that reaches clusters is not there.
	PluginMissing Code = "CP9002"
	// PluginUnfit: the program that reaches clusters is there and cannot be used.
	PluginUnfit Code = "CP9003"
)

var pluginCodes = []Info{
	{
		Code:  PluginMissing,
		Title: "kubectl-couplet is not installed",
		Explain: "couplet leaves what reaches clusters to kubectl-couplet, which is neither beside couplet's executable nor on PATH. " +
			"`make install` installs both, and so does `go install github.com/couplet-k8s/couplet/cmd/kubectl-couplet@latest`.",
	},
	{
		Code:  PluginUnfit,
		Title: "kubectl-couplet cannot be used",
		Explain: "kubectl-couplet was found and is of another version than couplet, cannot be started, or is no kubectl-couplet but leads back to couplet. " +
			"Both are to be installed from one release.",
	},
}
