package rules

import (
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/util/version"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/events/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/lifecycle/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	_ "k8s.io/kubernetes/pkg/apis/storagemigration/install"
	"k8s.io/kubernetes/pkg/capabilities"
	securityapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// Version is the Kubernetes release whose rules are compiled in.
const Version = "1.37.2"

// Judge judges bundles for one Kubernetes minor.
type Judge struct {
	older    bool
	security policy.Evaluator
}

// New makes the judge of a minor such as 1.34; "" is that of [Version]. A process can have
// judges of one minor only, for features are switched for all of it.
func New(minor string) (*Judge, error) {
	klog.SetOutput(io.Discard)
	klog.LogToStderr(false)
	capabilities.Setup(true, 0)
	newest := version.MustParseGeneric(Version)
	wanted := newest
	if minor != "" {
		var err error
		if wanted, err = version.ParseGeneric(minor); err != nil {
			return nil, fmt.Errorf("%q is no Kubernetes minor such as 1.37", minor)
		}
	}
	if wanted.Major() != newest.Major() || wanted.Minor() > newest.Minor() {
		return nil, fmt.Errorf("these are the rules of Kubernetes %s: they do not tell what %s rejects", Version, minor)
	}
	j := &Judge{older: wanted.Minor() < newest.Minor()}
	var emulated *securityapi.Version
	if j.older {
		if err := utilfeature.DefaultMutableFeatureGate.SetEmulationVersion(version.MajorMinor(wanted.Major(), wanted.Minor())); err != nil {
			return nil, err
		}
		v := securityapi.MajorMinorVersion(int(wanted.Major()), int(wanted.Minor()))
		emulated = &v
	}
	var err error
	j.security, err = policy.NewEvaluator(policy.DefaultChecks(), emulated)
	return j, err
}
