package diag

// Findings about a cluster and what is applied to it: CP801, CP802.
const (
	// ClusterUnreachable: the cluster cannot be spoken to, or does not let one do what is needed.
	ClusterUnreachable Code = "CP8010"
	// ClusterMismatch: the cluster is not the one that the environment is pinned to.
	ClusterMismatch Code = "CP8011"
	// ClusterUnpinned: nobody says which cluster is meant.
	ClusterUnpinned Code = "CP8012"
	// ObjectRefused: the server, or couplet, refuses an object.
	ObjectRefused Code = "CP8013"
	// FieldConflict: another manager holds a field with another value.
	FieldConflict Code = "CP8014"
	// CannotUpdate: an object has a change that only making it again can bring.
	CannotUpdate Code = "CP8015"
	// EnvironmentBusy: another run changes the environment at this moment.
	EnvironmentBusy Code = "CP8016"
	// ClusterMoved: the cluster has changed since the plan was made.
	ClusterMoved Code = "CP8017"
	// NotReady: an object was applied and does not become ready.
	NotReady Code = "CP8018"
	// PruneRefused: a deletion was not allowed.
	PruneRefused Code = "CP8019"
	// ApplyFailed: the cluster has not taken what it was sent.
	ApplyFailed Code = "CP8020"
	// NotApplied: the cluster has nothing of the environment, or not what is asked for.
	NotApplied Code = "CP8021"
	// PlanInvalid: a file is no plan, or one for something else.
	PlanInvalid Code = "CP8022"
)

var liveCodes = []Info{
	{
		Code:  ClusterUnreachable,
		Title: "a cluster that cannot be reached, or does not allow what is needed",
		Explain: "The kubeconfig leads nowhere, the API server does not answer, it does not accept the credentials, or these lack a right. " +
			"Requests are repeated for a while before this is said. `couplet rbac ENV` prints the rights that an environment needs.",
	},
	{
		Code:  ClusterMismatch,
		Title: "a cluster that is not the one the environment is pinned to",
		Explain: "couplet.yaml pins the environment to a cluster, and the kubeconfig leads to another, or to one that cannot be told. " +
			"Nothing but the question which cluster it is has been sent. Choose the right one with `--context`, or pin the environment anew with `couplet env pin ENV`.",
	},
	{
		Code:  ClusterUnpinned,
		Title: "an environment that is pinned to no cluster",
		Explain: "Without a pin, couplet asks whether the cluster that the kubeconfig leads to is the one that is meant, and here is nobody to ask. `--yes` does not answer this. " +
			"`couplet env pin ENV` writes the cluster into couplet.yaml; a tree without one takes `--pin`.",
	},
	{
		Code:  ObjectRefused,
		Title: "an object that the cluster refuses",
		Explain: "A dry run on the server was answered with a rejection, or the object belongs to another environment or tool. Nothing has been applied. " +
			"The message is the server's.",
	},
	{
		Code:  FieldConflict,
		Title: "a field that another manager holds",
		Explain: "Somebody else, such as a controller or a person with kubectl, manages the field and has given it another value. " +
			"Leave the field out of the source if it is theirs, or take it over with `--force-conflicts PATH`.",
	},
	{
		Code:  CannotUpdate,
		Title: "a change that an object cannot take",
		Explain: "The API server does not allow the field to be changed. The object can be deleted and made again: `--replace` does so with all such objects of an apply, " +
			"the annotation `couplet.dev/update: replace` with this one. What depends on it goes with it.",
	},
	{
		Code:    EnvironmentBusy,
		Title:   "an environment that somebody else is changing",
		Explain: "A lease on the cluster keeps two applies of one environment apart, and another run holds it. Try again when it is done. A run that was killed holds it for a minute at most.",
	},
	{
		Code:    ClusterMoved,
		Title:   "a cluster that has changed since the plan was made",
		Explain: "What the plan would do is not what it did when it was looked at, so nothing was done. Make the plan again.",
	},
	{
		Code:  NotReady,
		Title: "an object that does not become ready",
		Explain: "The object was applied, and has failed or was not ready in time. The notes tell what its events, pods and containers say. " +
			"What was applied stays; applying again goes on waiting. `--timeout` gives it more time, `--wait=false` does not wait.",
	},
	{
		Code:    PruneRefused,
		Title:   "a deletion that was not allowed",
		Explain: "More would be deleted than `--max-prune` allows, or something with which data or other objects go, whose name has to be typed or given with `--prune-allow`. Nothing was deleted.",
	},
	{
		Code:    ApplyFailed,
		Title:   "an apply that was not finished",
		Explain: "The cluster did not take an object, or could not be reached any more. What was applied until then stays, and is in the inventory: applying again goes on from there.",
	},
	{
		Code:    NotApplied,
		Title:   "an environment of which the cluster knows nothing",
		Explain: "There is no inventory of the environment on this cluster, or not the revision or backup that was asked for.",
	},
	{
		Code:    PlanInvalid,
		Title:   "a file that is not the plan that is wanted",
		Explain: "The file was not written by `couplet diff ENV -o plan=FILE`, or it is for another environment or cluster.",
	},
}
